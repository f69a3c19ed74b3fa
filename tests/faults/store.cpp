#include <fmt/format.h>

#include "common/ledger/verify.h"
#include "tests/faults/bench.h"
#include "tests/support/bulk_store.h"

namespace pleiade::faults {

bool build_store(const Options& options) {
    if (options.folder.empty()) return figure("--folder", "missing", "where the ledger is made", false);
    const auto wanted = options.count > 0 ? options.count : 1'000'000;
    const auto plis = test::build_bulk_store({.folder = options.folder, .plis = wanted});
    constexpr std::int64_t kVerifiedMax = 50'000;  // a million take minutes
    if (plis <= kVerifiedMax) {
        const auto verified = ledger::verify(options.folder, nullptr);
        figure("pleiade verify, without the vault", verified ? "whole" : verified.error().message, "whole",
               verified.has_value());
        if (!verified) return false;
    }
    return figure("plis in the store", std::to_string(plis), fmt::format("{}", wanted), plis >= wanted);
}

}  // namespace pleiade::faults
