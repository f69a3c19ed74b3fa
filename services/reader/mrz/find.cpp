#include "services/reader/mrz/find.h"

#include <algorithm>
#include <optional>

namespace pleiade::reader::mrz {
namespace {

constexpr std::size_t kShortest = 24;  // of a line, as read
constexpr std::size_t kOffMost = 6;    // characters that OCR lost or added in runs of fillers
constexpr std::size_t kRunMin = 3;     // fillers that make a run whose length OCR may miscount
constexpr double kLeadingMost = 4;     // lines of one zone follow each other, in heights of text
constexpr std::size_t kCandidatesMax = 64;

// Fillers come as < or as the quotation marks that they resemble, in pairs too.
std::string as_zone(const OcrLine& line) {
    std::string text;
    for (const auto& word : line.words) text += word.text;
    std::string zone;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<') {
            zone += c;
        } else if (c >= 'a' && c <= 'z') {
            zone += static_cast<char>(c - 'a' + 'A');
        } else if (c == '(' || c == '{' || c == '[') {
            zone += '<';
        } else if (text.compare(i, 2, "«") == 0) {
            zone += "<<";
            ++i;
        } else if (text.compare(i, 3, "‹") == 0) {
            zone += '<';
            i += 2;
        }
    }
    return zone;
}

// The line at the length of a layout: what is too many or missing is so in its longest run of fillers, which OCR
// miscounts. Nothing when it has no such run or is too far off.
std::optional<std::string> fitted(const std::string& line, std::size_t length) {
    if (line.size() == length) return line;
    const auto off = line.size() > length ? line.size() - length : length - line.size();
    if (off > kOffMost) return std::nullopt;
    std::size_t best = 0, best_at = 0;
    for (std::size_t i = 0; i < line.size();) {
        std::size_t end = i;
        while (end < line.size() && line[end] == '<') ++end;
        if (end - i > best) best = end - i, best_at = i;
        i = std::max(end, i + 1);
    }
    if (best < kRunMin) return std::nullopt;
    if (line.size() < length) return line.substr(0, best_at) + std::string(off, '<') + line.substr(best_at);
    if (best <= off) return std::nullopt;
    return line.substr(0, best_at) + line.substr(best_at + off);
}

struct Candidate {
    const OcrLine* line;
    std::string text;
};

bool follows(const Candidate& above, const Candidate& below) {
    const double step = below.line->box.y - above.line->box.y;
    return step > 0 && step < kLeadingMost * std::max(above.line->box.height, 1);
}

std::optional<Zone> zone_of(const std::vector<const Candidate*>& lines, std::size_t length) {
    std::vector<std::string> fit;
    for (const auto* line : lines) {
        auto text = fitted(line->text, length);
        if (!text) return std::nullopt;
        fit.push_back(std::move(*text));
    }
    auto zone = parse_zone(fit);
    if (!zone || !zone->birth_holds || !(zone->number_holds || zone->all_holds)) return std::nullopt;
    return zone;
}

Found found_in(const std::vector<const Candidate*>& lines, Zone zone) {
    Found found{std::move(zone), 0, {}};
    int words = 0, right = 0, bottom = 0;
    for (const auto* line : lines) {
        const auto& box = line->line->box;
        found.box = found.box.empty() ? box : found.box;
        right = std::max(right, box.x + box.width);
        bottom = std::max(bottom, box.y + box.height);
        found.box.x = std::min(found.box.x, box.x);
        found.box.y = std::min(found.box.y, box.y);
        for (const auto& word : line->line->words) {
            found.confidence += word.confidence;
            ++words;
        }
    }
    found.box.width = right - found.box.x;
    found.box.height = bottom - found.box.y;
    found.confidence /= std::max(words, 1);
    return found;
}

}  // namespace

std::vector<Found> find_zones(const OcrPage& page) {
    std::vector<Candidate> candidates;
    for (const auto& line : page.lines) {
        auto text = as_zone(line);
        if (text.size() >= kShortest && text.size() <= 44 + kOffMost && candidates.size() < kCandidatesMax) {
            candidates.push_back({&line, std::move(text)});
        }
    }
    std::vector<Found> found;
    for (std::size_t i = 0; i + 1 < candidates.size(); ++i) {
        if (!follows(candidates[i], candidates[i + 1])) continue;
        const std::vector<const Candidate*> two = {&candidates[i], &candidates[i + 1]};
        std::optional<Zone> zone;
        std::vector<const Candidate*> lines = two;
        if (i + 2 < candidates.size() && follows(candidates[i + 1], candidates[i + 2])) {
            lines.push_back(&candidates[i + 2]);
            zone = zone_of(lines, 30);
        }
        if (!zone) lines = two;
        for (const std::size_t length : {44, 36}) {
            if (!zone) zone = zone_of(two, length);
        }
        if (!zone) continue;
        i += lines.size() - 1;
        found.push_back(found_in(lines, std::move(*zone)));
    }
    return found;
}

}  // namespace pleiade::reader::mrz
