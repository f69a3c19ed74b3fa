#include "services/reader/mrz/zone.h"

#include <algorithm>

#include "services/reader/figure_letters.h"
#include "services/reader/mrz/check_digit.h"

namespace pleiade::reader::mrz {
namespace {

constexpr int kOldestYears = 110;

char letter_of(char c) {
    switch (c) {
        case '0':
            return 'O';
        case '1':
            return 'I';
        case '2':
            return 'Z';
        case '5':
            return 'S';
        case '8':
            return 'B';
        default:
            return c;
    }
}

void to_figures(std::string& line, std::size_t from, std::size_t count, int& corrected) {
    for (std::size_t i = from; i < from + count; ++i) {
        const char like = figure_like(line[i]);
        const char figure = like != 0 ? like : line[i];
        corrected += figure != line[i] ? 1 : 0;
        line[i] = figure;
    }
}

std::string words_of(std::string_view field) {
    std::string words;
    for (const char c : field) {
        if (c != '<') {
            words += letter_of(c);
        } else if (!words.empty() && words.back() != ' ') {
            words += ' ';
        }
    }
    while (!words.empty() && words.back() == ' ') words.pop_back();
    return words;
}

// LAST<<FIRST<SECOND
void names_of(std::string_view field, Zone& zone) {
    const auto gap = field.find("<<");
    zone.last_name = words_of(field.substr(0, gap));
    if (gap != std::string_view::npos) zone.first_name = words_of(field.substr(gap));
}

// A number of more than nine characters runs on into the optional data, its check digit last.
bool number_holds(const std::string& number, char check, std::string_view optional) {
    if (check != '<') return check_holds(number, check);
    const auto rest = optional.substr(0, optional.find('<'));
    if (rest.size() < 2) return false;
    return check_holds(number + std::string(rest.substr(0, rest.size() - 1)), rest.back());
}

Zone td1(std::vector<std::string> lines) {
    Zone zone;
    zone.layout = Layout::Td1;
    to_figures(lines[1], 0, 7, zone.corrected);
    to_figures(lines[1], 8, 7, zone.corrected);
    to_figures(lines[1], 29, 1, zone.corrected);
    zone.number_holds = number_holds(lines[0].substr(5, 9), lines[0][14], std::string_view(lines[0]).substr(15));
    zone.birth = lines[1].substr(0, 6);
    zone.birth_holds = check_holds(zone.birth, lines[1][6]);
    zone.expiry_holds = check_holds(lines[1].substr(8, 6), lines[1][14]);
    zone.all_holds = check_holds(
        lines[0].substr(5) + lines[1].substr(0, 7) + lines[1].substr(8, 7) + lines[1].substr(18, 11), lines[1][29]);
    names_of(lines[2], zone);
    return zone;
}

// TD2 and TD3 differ in length alone.
Zone two_lines(std::vector<std::string> lines, Layout layout) {
    Zone zone;
    zone.layout = layout;
    auto& second = lines[1];
    const auto last = second.size() - 1;
    to_figures(second, 13, 7, zone.corrected);
    to_figures(second, 21, 7, zone.corrected);
    to_figures(second, last, 1, zone.corrected);
    zone.number_holds = number_holds(second.substr(0, 9), second[9], std::string_view(second).substr(28));
    zone.birth = second.substr(13, 6);
    zone.birth_holds = check_holds(zone.birth, second[19]);
    zone.expiry_holds = check_holds(second.substr(21, 6), second[27]);
    zone.all_holds =
        check_holds(second.substr(0, 10) + second.substr(13, 7) + second.substr(21, last - 21), second[last]);
    names_of(std::string_view(lines[0]).substr(5), zone);
    return zone;
}

// Line 1: IDFRA, name (25), department and office (6). Line 2: number (12) and its check, first names (14), birth (6)
// and its check, sex, and the check of all that stands before it on both lines.
Zone french_card(std::vector<std::string> lines) {
    Zone zone;
    zone.layout = Layout::FrenchCard;
    auto& second = lines[1];
    to_figures(second, 12, 1, zone.corrected);
    to_figures(second, 27, 7, zone.corrected);
    to_figures(second, 35, 1, zone.corrected);
    zone.number_holds = check_holds(second.substr(0, 12), second[12]);
    zone.birth = second.substr(27, 6);
    zone.birth_holds = check_holds(zone.birth, second[33]);
    zone.all_holds = check_holds(lines[0] + second.substr(0, 35), second[35]);
    zone.last_name = words_of(std::string_view(lines[0]).substr(5, 25));
    zone.first_name = words_of(std::string_view(second).substr(13, 14));
    return zone;
}

bool all_of_length(const std::vector<std::string>& lines, std::size_t length) {
    return std::all_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.size() == length; });
}

}  // namespace

std::string_view name_of(Layout layout) {
    switch (layout) {
        case Layout::Td1:
            return "carte au format TD1";
        case Layout::Td2:
            return "carte au format TD2";
        case Layout::Td3:
            return "passeport";
        case Layout::FrenchCard:
            return "carte nationale d'identité française";
    }
    return "";
}

std::optional<Zone> parse_zone(const std::vector<std::string>& lines) {
    if (lines.size() == 3 && all_of_length(lines, 30)) return td1(lines);
    if (lines.size() != 2) return std::nullopt;
    if (all_of_length(lines, 44)) return two_lines(lines, Layout::Td3);
    if (!all_of_length(lines, 36)) return std::nullopt;
    if (!lines[0].starts_with("IDFRA")) return two_lines(lines, Layout::Td2);
    auto french = french_card(lines);
    const auto td2 = two_lines(lines, Layout::Td2);
    return td2.holds() && !french.holds() ? td2 : french;
}

std::optional<Zone> parse_joined(std::string_view text) {
    std::string joined(text);
    std::replace(joined.begin(), joined.end(), ' ', '<');
    if (joined.size() == 90) return parse_zone({joined.substr(0, 30), joined.substr(30, 30), joined.substr(60)});
    if (joined.size() == 88 || joined.size() == 72) {
        return parse_zone({joined.substr(0, joined.size() / 2), joined.substr(joined.size() / 2)});
    }
    return std::nullopt;
}

std::optional<Birth> birth_of(const Zone& zone, const CivilDate& not_after) {
    if (zone.birth.size() != 6 || zone.birth.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    const auto two = [&](std::size_t at) { return (zone.birth[at] - '0') * 10 + zone.birth[at + 1] - '0'; };
    const int century = not_after.year / 100 * 100;
    for (const int year : {century + two(0), century - 100 + two(0)}) {
        const auto date = civil_date(year, two(2), two(4));
        if (!date || *date > not_after) continue;
        return Birth{*date, year - 100 < not_after.year - kOldestYears};
    }
    return std::nullopt;
}

}  // namespace pleiade::reader::mrz
