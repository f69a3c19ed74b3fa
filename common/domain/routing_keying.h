// Who keys the fields that could not be read, and whether before the document stands in its queue or after: some
// caisses keep that work at home, for all their mail or for some types. Immutable once parsed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "common/domain/organismes.h"

namespace pleiade {

struct KeyingPlace {
    std::string keyed_by = "platform";  // "platform" or "service"
    bool before_queue = true;
};

class KeyingRules {
  public:
    static Result<KeyingRules> parse(std::string_view csv, const std::string& file_name, const Nomenclature& types,
                                     const Organismes& organismes);

    // The most precise row wins: the caisse named beats `*`, then a type named beats a glob beats `*`. No row: the
    // platform, before the queue.
    KeyingPlace find(std::string_view caisse, std::string_view type) const;
    std::size_t size() const { return rows_.size(); }

  private:
    struct Row {
        std::string caisse;    // or "*"
        std::string document;  // a code, a glob, or "*"
        KeyingPlace place;
        int line = 0;
        int precision() const;
    };
    std::vector<Row> rows_;
};

}  // namespace pleiade
