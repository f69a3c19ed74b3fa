#include "tests/mail/blanks.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

#include "tests/mail/painter.h"
#include "tests/mail/scanner.h"
#include "tests/mail/writers.h"

namespace pleiade::mail {

std::vector<BlankForm> write_blanks(const std::string& folder, Half half, const std::vector<int>& editions) {
    namespace fs = std::filesystem;
    fs::create_directories(folder);
    ScanPlan plan;
    plan.mode = Mode::Grey;
    plan.dpi = 300;
    plan.defects = false;
    Rng rng(1);
    const Dossier nobody = make_dossier(rng, half, parse_day("2026-11-20"), "595", "595", "CPAM");
    std::vector<BlankForm> blanks;
    std::ofstream list(fs::path(folder) / "blanks.csv", std::ios::binary);
    list << "file;type;version;pages\n";
    std::map<std::string, int> versions;
    for (const auto& form : templates_of(half)) {
        if (!is_printed_form(form)) continue;
        for (const int edition : editions) {
            std::vector<ScannedPage> pages;
            const PaperSettings clean{.dpi = plan.dpi};
            const Desk desk{[&] { return std::make_unique<Canvas>(clean); },
                            [&](const PageDraft& draft) { pages.push_back(scan(*draft.canvas, plan, rng, false)); }};
            paint_spread(form, nobody, desk, rng, {.edition = edition, .blank = true});
            BlankForm blank{fmt::format("{}-{}-{}.tif", form.type, form.id, edition), form.type, ++versions[form.type],
                            static_cast<int>(pages.size())};
            write_tiff((fs::path(folder) / blank.file).string(), pages);
            list << fmt::format("{};{};{};{}\n", blank.file, blank.type, blank.version, blank.pages);
            blanks.push_back(std::move(blank));
        }
    }
    if (!list.flush()) throw std::runtime_error("cannot write blanks.csv in " + folder);
    return blanks;
}

}  // namespace pleiade::mail
