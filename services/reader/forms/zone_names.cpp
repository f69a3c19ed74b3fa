#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "services/reader/fields/labels.h"
#include "services/reader/fold.h"
#include "services/reader/forms/printed_words.h"
#include "services/reader/forms/zone_finder.h"

namespace pleiade::reader::forms {
namespace {

constexpr double kLeftOf = 70;  // millimetres: how far a label may stand from what it names
constexpr double kAbove = 9;
constexpr std::size_t kNameWords = 4;
constexpr std::size_t kNameMax = 40;

// The field of the contract that a label asks for; empty when it asks for none.
std::string field_of(const fields::LabelHit& hit, fields::Party party) {
    using fields::Label;
    const bool beneficiary = party == fields::Party::Beneficiary;
    switch (hit.label) {
        case Label::Nir:
            return beneficiary ? "beneficiary_nir" : "nir";
        case Label::BirthDate:
            return "birth_date";
        case Label::LastName:
        case Label::FullName:
            return "last_name";
        case Label::FirstName:
            return "first_name";
        case Label::PostalCode:
            return "postal_code";
        case Label::Iban:
            return "iban";
        case Label::Siret:
            return "siret";
        case Label::Finess:
            return "finess";
        case Label::Rpps:
            return "rpps";
        case Label::Caisse:
            return "caisse";
        case Label::DocumentDate:
        case Label::Date:
            return "document_date";
        case Label::AccidentDate:
            return "accident_date";
        case Label::PeriodFrom:
        case Label::Period:
            return "period_from";
        case Label::PeriodTo:
            return "period_to";
        case Label::Address:
        case Label::Other:
            return "";
    }
    return "";
}

// How far a label stands from a zone that it may name: before it on the line, above it, or inside at the top left.
double distance(const cv::Rect2d& label, const Zone& zone) {
    const auto& box = zone.box;
    const double label_y = label.y + label.height / 2;
    if (label_y > box.y - 1.5 && label_y < box.br().y + 1.5) {
        if ((label & box).area() > 0.5 * label.area()) return 0.5 * (label.y - box.y) + 0.1 * (label.x - box.x);
        const double before = box.x - label.br().x;
        if (before >= -2 && before <= kLeftOf) return 1 + std::max(0.0, before);
        // The word of a box to tick may stand behind it.
        const double behind = label.x - box.br().x;
        if (zone.kind == ZoneKind::Tick && behind >= -1 && behind <= 12) return 3 + behind;
    }
    const double above = box.y - label.br().y;
    const bool over = label.x < box.br().x && label.br().x > box.x - 15;
    if (zone.kind != ZoneKind::Tick && over && above >= -1 && above <= kAbove) return 4 + 3 * std::max(0.0, above);
    return 1e9;
}

std::string slug_of(const std::vector<PrintedWord>& words, const Zone& zone) {
    // Words of the line that names the zone, from the nearest label on.
    const PrintedWord* nearest = nullptr;
    double best = 1e8;
    for (const auto& word : words) {
        if (const double d = distance(word.box, zone); d < best) {
            best = d;
            nearest = &word;
        }
    }
    if (nearest == nullptr) return "";
    std::vector<const PrintedWord*> line;
    for (const auto& word : words) {
        const bool reaches = word.box.br().x > zone.box.x - kLeftOf && word.box.x < zone.box.br().x + 12;
        if (word.line == nearest->line && word.block == nearest->block && reaches) line.push_back(&word);
    }
    const auto at = std::find(line.begin(), line.end(), nearest) - line.begin();
    // Before a zone its last words name it; elsewhere the first.
    const bool before = nearest->box.br().x <= zone.box.x + 2;
    const auto first = before ? std::max<std::ptrdiff_t>(0, at + 1 - static_cast<std::ptrdiff_t>(kNameWords)) : at;
    std::string slug;
    for (auto i = first; i < std::min<std::ptrdiff_t>(first + static_cast<std::ptrdiff_t>(kNameWords),
                                                      static_cast<std::ptrdiff_t>(line.size()));
         ++i) {
        const auto word = plain_words(line[static_cast<std::size_t>(i)]->text);
        if (!word.empty()) slug += (slug.empty() ? "" : "_") + word;
    }
    std::replace(slug.begin(), slug.end(), ' ', '_');
    slug = slug.substr(0, kNameMax);
    while (!slug.empty() && slug.back() == '_') slug.pop_back();
    return slug;
}

}  // namespace

void name_zones(std::vector<Zone>& zones, const std::vector<PrintedWord>& words, cv::Size2d page) {
    const auto text = page_of_words(words, page);
    const auto rows = fields::page_rows(text);
    const auto labels = fields::find_labels(rows);
    std::map<std::string, int> times;
    for (auto& zone : zones) {
        std::string name;
        double best = 1e8;
        for (const auto& hit : labels.labels) {
            if (zone.kind == ZoneKind::Tick || zone.kind == ZoneKind::Signature) break;
            const cv::Rect2d box(hit.box.x / pixels_per_mm(), hit.box.y / pixels_per_mm(),
                                 hit.box.width / pixels_per_mm(), hit.box.height / pixels_per_mm());
            const double d = distance(box, zone);
            if (d >= best) continue;
            best = d;
            const auto party =
                hit.party != fields::Party::Unknown ? hit.party : fields::party_at(labels, rows, hit.row, hit.box);
            name = field_of(hit, party);
        }
        if (name.empty()) name = slug_of(words, zone);
        if (name.empty()) name = std::string(to_word(zone.kind));
        const int time = ++times[name];
        zone.name = time == 1 ? name : fmt::format("{}_{}", name, time);
    }
    // A name with a number that was there before: rare, and only a proposal, but a file must not contradict itself.
    std::set<std::string> seen;
    for (auto& zone : zones) {
        while (!seen.insert(zone.name).second) zone.name += "_x";
    }
}

}  // namespace pleiade::reader::forms
