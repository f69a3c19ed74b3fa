#include "services/ingest/separators.h"

#include <algorithm>

namespace pleiade::ingest {
namespace {

bool only_separators(const std::vector<PageRef>& pages) {
    return std::all_of(pages.begin(), pages.end(), [](const PageRef& page) { return page.known.has_value(); });
}

}  // namespace

bool is_separator(const InspectedPage& page, const std::vector<std::string>& prefixes) {
    return std::any_of(page.codes.begin(), page.codes.end(), [&](const Code& code) {
        if (code.symbology != "QRCode" && code.symbology != "Code128" && code.symbology != "Code39") return false;
        return std::any_of(prefixes.begin(), prefixes.end(),
                           [&](const std::string& prefix) { return !prefix.empty() && code.text.starts_with(prefix); });
    });
}

std::vector<std::vector<PageRef>> cut_at_separators(const InspectedFile& file,
                                                    const std::vector<std::string>& prefixes) {
    std::vector<std::vector<PageRef>> plis(1);
    int index = 0;
    for (const auto& page : file.pages) {
        PageRef ref{index + 1, 0, index, std::nullopt};
        if (is_separator(page, prefixes)) {
            ref.known = PageKind::Separator;
            if (!only_separators(plis.back())) plis.emplace_back();
        }
        plis.back().push_back(ref);
        ++index;
    }
    if (plis.size() > 1 && only_separators(plis.back())) {
        const auto trailing = std::move(plis.back());
        plis.pop_back();
        plis.back().insert(plis.back().end(), trailing.begin(), trailing.end());
    }
    return plis;
}

}  // namespace pleiade::ingest
