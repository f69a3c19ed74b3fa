#include "services/reader/identity_zones.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/reader/mrz/find.h"

namespace pleiade::reader {
namespace {

constexpr double kBirthSure = 0.97;
constexpr double kUncheckedAtMost = 0.6;

}  // namespace

IdentityZones identity_zones(const std::vector<const OcrPage*>& pages, const Date& received_on) {
    IdentityZones zones;
    const auto received = civil_date_of(received_on);
    for (const auto* page : pages) {
        for (const auto& found : mrz::find_zones(*page)) {
            const auto& zone = found.zone;
            const Box box = page->as_scanned(found.box);
            zones.reasons.push_back({fmt::format("bande MRZ lue ({}) : {}", name_of(zone.layout),
                                                 zone.holds() ? "clés justes" : "une clé ne tombe pas juste"),
                                     page->page, box});
            const double confidence = std::min(found.confidence, kUncheckedAtMost);
            const auto state = [&](const char* field, const std::string& value, bool sure) {
                if (value.empty()) return;
                const auto status = sure ? FieldStatus::Valid : FieldStatus::Unchecked;
                zones.fields.push_back({field, {value, sure ? kBirthSure : confidence, status, page->page, box}});
            };
            state("last_name", zone.last_name, false);
            state("first_name", zone.first_name, false);
            const auto birth = received ? mrz::birth_of(zone, *received) : std::nullopt;
            if (birth) {
                const bool sure = zone.holds() && zone.corrected == 0 && birth->century_sure;
                state("birth_date", to_iso(birth->date), sure);
            }
        }
    }
    return zones;
}

}  // namespace pleiade::reader
