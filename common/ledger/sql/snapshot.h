// What every list of the desk shares: one moment of the store, limits, cursors. Private to common/ledger.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

class Snapshot {
  public:
    explicit Snapshot(Database& database) : database_(database) { database_.begin_read(); }
    ~Snapshot() { database_.roll_back(); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

  private:
    Database& database_;
};

inline constexpr int kRowsDefault = 50;
inline constexpr int kRowsMax = 200;

inline int limited(int asked, int standard, int most) {
    return asked <= 0 ? standard : std::min(asked, most);
}

inline auto bad_cursor() {
    return invalid("CURSOR_INVALID", "the cursor is not one that a list gave; start from the beginning");
}

// A cursor that is one number; `start` when there is none.
inline Result<std::int64_t> cursor_number(const std::string& cursor, std::int64_t start) {
    if (cursor.empty()) return start;
    std::int64_t value = 0;
    const char* const end = cursor.data() + cursor.size();
    const auto [stop, error] = std::from_chars(cursor.data(), end, value);
    if (error != std::errc{} || stop != end) return bad_cursor();
    return value;
}

}  // namespace pleiade::ledger
