#include "services/reader/forms/likeness.h"

#include <fmt/format.h>

#include "services/reader/forms/recogniser.h"

namespace pleiade::reader::forms {
namespace {

constexpr double kAlikeScore = 0.85;
constexpr int kPlacesMin = 2;  // places of a few millimetres that differ

}  // namespace

LikenessReport check_likeness(std::vector<RegisteredForm> forms, const std::string& folder) {
    LikenessReport report;
    Recogniser recogniser(std::move(forms));
    for (int i = 0; i < static_cast<int>(recogniser.size()); ++i) {
        for (const auto& alike : recogniser.resemblances(i)) {
            if (alike.other < i || alike.score < kAlikeScore || alike.differing_places >= kPlacesMin) continue;
            const auto& a = recogniser.form(i).form;
            const auto& b = recogniser.form(alike.other).form;
            const bool same_use = a.type == b.type && a.page == b.page && a.volet == b.volet && a.notice == b.notice;
            const auto what = fmt::format(
                "{}/{}.toml:1:1: {} looks like {} ({}.toml, {:.2f}) and differs in {} place{}", folder, a.id, a.title(),
                b.title(), b.id, alike.score, alike.differing_places, alike.differing_places == 1 ? "" : "s");
            if (same_use) {
                report.notes.push_back(what + "; the version will be said to be uncertain");
            } else {
                report.errors.push_back({ErrorKind::Invalid, "CONFIG_INVALID", what + "; register only one of them"});
            }
        }
    }
    return report;
}

}  // namespace pleiade::reader::forms
