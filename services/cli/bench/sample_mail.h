// Invented mail with its truth, and an installation that knows its forms and its people as a platform's does: what
// reading is measured on. Made by `pleiade-mail` and `pleiade`, which stand beside each other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/result.h"

namespace pleiade::cli {

struct SampleMail {
    std::string bin;            // folder of the programs
    std::string half = "test";  // of the generator: what is tuned is tuned on the other one, train
    int plis = 200;             // of the natural mix
    int stratified = 0;         // that many plis of each type instead
    std::uint64_t seed = 1;
    bool with_register = true;  // of beneficiaries
};

// Lots in <folder>/mail, truth in <folder>/mail/truth.jsonl, <folder>/beneficiaries.csv; scanner defects on.
// Errors: NO_SAMPLE_MAIL (Unavailable).
Result<void> draw_mail(const SampleMail& mail, const std::filesystem::path& folder);

// Registers two print runs, out of three, of each blank form of that half, and imports the people of `draw_mail`. Takes
// some minutes. Errors: NO_INSTALLATION (Unavailable).
Result<void> make_installation(const SampleMail& mail, const std::filesystem::path& folder, const std::string& home);

}  // namespace pleiade::cli
