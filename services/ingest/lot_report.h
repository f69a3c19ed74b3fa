// What became of a lot, pli by pli: done/<lot>/report.json, and the answer of `pleiade submit`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/pli.h"

namespace pleiade::ingest {

struct PliOutcome {
    std::string pli;
    std::string pli_id;  // empty when rejected
    bool seen_before = false;
    bool held_duplicate = false;  // the same files came in another lot: a person decides
    int pages = 0;
    std::vector<StoredFile> files;
    std::optional<Error> rejection;
    std::string rejected_file;
    std::vector<std::string> present;  // names of a rejected pli's files that can be moved
};

struct LotReport {
    std::string lot;
    bool loose_file = false;
    std::string content_sha256;
    int announced_plis = 0;
    int announced_pages = 0;
    std::string at;  // when it was finished, RFC 3339, UTC
    std::vector<PliOutcome> plis;
    std::vector<std::string> unlisted;
    std::optional<Error> rejection;  // of the whole lot
    std::string rejected_file;

    int registered() const;
    int rejected() const;
    int pages() const;
    std::uint64_t bytes() const;
};

std::string to_json(const LotReport& report);
Result<LotReport> report_from_json(std::string_view text);

// rejection.json: {"lot","pli","file","code","message","at"}; `pli` is empty when the whole lot is rejected.
std::string rejection_json(const LotReport& report, const std::string& pli, const std::string& file,
                           const Error& error);

// A lot's name fit for logs: a loose file's name may hold a person's, so only its digits are said.
std::string log_name(const std::string& lot, bool loose_file);

}  // namespace pleiade::ingest
