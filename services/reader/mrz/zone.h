// A machine-readable zone, taken apart under the layout that its lines have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/identifiers/date_text.h"

namespace pleiade::reader::mrz {

enum class Layout {
    Td1,         // cards, three lines of 30: national card since 2021, residence permits
    Td2,         // two lines of 36
    Td3,         // passports, two lines of 44
    FrenchCard,  // national card from 1988 to 2021: two lines of 36 of its own
};
std::string_view name_of(Layout layout);  // in French

struct Zone {
    Layout layout = Layout::Td3;
    std::string last_name, first_name;  // spaces for fillers; first_name: all that are given
    std::string birth;                  // YYMMDD
    bool number_holds = false, birth_holds = false, expiry_holds = false, all_holds = false;  // its check digits
    int corrected = 0;  // letters that stood where only figures may, taken for the figures that they resemble

    // Every check digit that its layout has. The French card has none for its end.
    bool holds() const {
        return number_holds && birth_holds && all_holds && (expiry_holds || layout == Layout::FrenchCard);
    }
};

// `lines`: of A to Z, 0 to 9 and <, each as long as its layout says. Nothing when no layout has such lines.
std::optional<Zone> parse_zone(const std::vector<std::string>& lines);

// All lines in one, spaces for fillers, as 2D-Doc codes hold it.
std::optional<Zone> parse_joined(std::string_view text);

struct Birth {
    CivilDate date;
    bool century_sure = false;  // nobody of that year a century before may be alive
};
// The latest that is not after that day. Nothing when a part of it is unknown or no such day exists.
std::optional<Birth> birth_of(const Zone& zone, const CivilDate& not_after);

}  // namespace pleiade::reader::mrz
