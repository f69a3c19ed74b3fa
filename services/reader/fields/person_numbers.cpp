#include <algorithm>
#include <iterator>
#include <set>

#include "common/domain/identifiers/nir.h"
#include "services/reader/fields/decoding.h"
#include "services/reader/fields/finding.h"

namespace pleiade::reader::fields {
namespace {

constexpr std::size_t kWithKey = 15;
constexpr std::size_t kWithoutKey = 13;

struct Read {
    PersonNumber number;
    int corrected = 0;
    std::optional<double> posterior;
};

// Of a number with a wrong figure: the key lets one in 97 through, the structure two in three.
constexpr double kChance = 1.0 / 97, kChanceWithoutKey = 0.66;
constexpr double kLessLikely = 0.5;  // said of a number that was not the likeliest one in its boxes

bool is_somebodys(const Beneficiaries* known, const std::string& number) {
    return known != nullptr && !known->with_number(number).empty();
}

// Of the numbers that the boxes may hold, the one that the register knows; of two, neither.
std::optional<std::string> known_among(const Decoded& decoded, const Beneficiaries* known) {
    std::optional<std::string> one;
    if (is_somebodys(known, decoded.text)) return decoded.text;
    for (const auto& other : decoded.others) {
        if (!is_somebodys(known, other)) continue;
        if (one) return std::nullopt;
        one = other;
    }
    return one;
}

std::optional<Read> decode_number(const Candidate& candidate, const Beneficiaries* known) {
    const bool with_key = candidate.odds.size() == kWithKey;
    const auto holds = [&](const std::string& text) {
        const auto number = parse_person_number(text);
        return number && (!with_key || number->status == FieldStatus::Valid);
    };
    const auto decoded = decode(candidate.odds, holds, with_key ? kChance : kChanceWithoutKey);
    if (!decoded) return std::nullopt;
    if (const auto registered = known_among(*decoded, known); registered && *registered != decoded->text) {
        return Read{*parse_person_number(*registered), decoded->changed + 1, kLessLikely};
    }
    return Read{*parse_person_number(decoded->text), decoded->changed, decoded->posterior};
}

// One figure misread: the key alone leaves two dozen numbers to choose from, the register one at most.
std::optional<PersonNumber> known_but_for_a_figure(const std::string& read, const Beneficiaries* known) {
    if (known == nullptr || !known->available() || read.size() != kWithKey) return std::nullopt;
    std::optional<PersonNumber> one;
    for (std::size_t at = 0; at < read.size(); ++at) {
        auto text = read;
        for (char figure = '0'; figure <= '9'; ++figure) {
            text[at] = figure;
            const auto number = parse_person_number(text);
            if (!number || number->status != FieldStatus::Valid || !is_somebodys(known, text)) continue;
            if (one) return std::nullopt;
            one = number;
        }
    }
    return one;
}

std::optional<Read> read_number(const Candidate& candidate, const Beneficiaries* known) {
    if (!candidate.odds.empty()) {
        if (const auto decoded = decode_number(candidate, known)) return decoded;
    }
    const auto [text, corrected] = person_figures(candidate);
    const auto number = parse_person_number(text);
    if (!number) return std::nullopt;
    if (number->status == FieldStatus::Invalid) {
        if (const auto mended = known_but_for_a_figure(text, known)) return Read{*mended, corrected + 1, std::nullopt};
    }
    return Read{*number, corrected, std::nullopt};
}

// 2 55 08 14 168 025 38: no other number of fifteen figures is written in these groups, and the key holds as well. Who
// writes it so needs no label. Groups may run together; three cuts at least are where they belong, and none elsewhere.
bool written_in_its_groups(const Row& row, const Candidate& candidate) {
    static const std::set<int> kCuts = {1, 3, 5, 7, 10, 13};
    int figures = 0, cuts = 0;
    for (int w = candidate.first_word; w < candidate.last_word; ++w) {
        const auto& word = row.words[static_cast<std::size_t>(w)];
        if (word.odds) return false;  // boxes: one figure each
        const auto in_word = std::count_if(word.text.begin(), word.text.end(), [](char c) {
            return (c >= '0' && c <= '9') || c == 'A' || c == 'B';  // of Corsica
        });
        if (in_word == 0) continue;
        figures += static_cast<int>(in_word);
        if (!kCuts.contains(figures)) return false;
        ++cuts;
    }
    return cuts >= 3;
}

std::vector<LooseCandidate> candidates(const Sheet& sheet, std::size_t length) {
    std::vector<LooseCandidate> all;
    for (auto& candidate : stretches(sheet.rows, sheet.runs, length)) all.push_back({std::move(candidate), 0});
    if (length != kWithKey) return all;
    auto loose = loose_stretches(sheet.rows, sheet.runs, length);
    std::move(loose.begin(), loose.end(), std::back_inserter(all));
    return all;
}

void find(const Sheet& sheet, std::size_t length, Findings& findings, std::vector<Spot>& found_with_key,
          std::vector<int>& read_labels) {
    std::vector<Candidate> kept;
    std::vector<Read> numbers;
    std::vector<Spot> spots;
    for (const auto& [candidate, surplus] : candidates(sheet, length)) {
        auto read = read_number(candidate, sheet.hints->beneficiaries);
        if (!read) continue;
        if (surplus > 0) {  // cut where it pleased us: with its key as it was read, and then only by a second match
            if (read->corrected > 0 || person_figures(candidate).corrected > 0 ||
                read->number.status != FieldStatus::Valid)
                continue;
            read->corrected = surplus;
        }
        const bool part_of_another = std::any_of(found_with_key.begin(), found_with_key.end(), [&](const Spot& spot) {
            return spot.row == candidate.row && candidate.first_word <= spot.last_word &&
                   spot.first_word <= candidate.last_word;
        });
        if (part_of_another) continue;
        kept.push_back(candidate);
        numbers.push_back(*read);
        spots.push_back({candidate.row, candidate.first_word, candidate.last_word, candidate.box});
    }
    const auto label_of = claim(sheet.rows, sheet.labels, {Label::Nir}, spots);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const auto& [number, corrected, posterior] = numbers[i];
        const bool labelled = label_of[i] >= 0;
        if (labelled) read_labels.push_back(label_of[i]);
        // Thirteen figures that nothing announces may be anything: a numéro fiscal, an account...
        if (!labelled && (length == kWithoutKey || number.status != FieldStatus::Valid)) continue;
        if (length == kWithKey) found_with_key.push_back(spots[i]);
        Finding finding;
        finding.field = "nir";
        finding.value = number.value;
        // An NNP or a MIG stands where the NIR will be; that it is one is for a person to say.
        finding.check = number.kind == PersonNumberKind::Nir ? number.status : FieldStatus::Unchecked;
        finding.party = party_of(sheet, label_of[i], kept[i].row, kept[i].box);
        finding.labelled =
            labelled || (length == kWithKey && corrected == 0 && number.status == FieldStatus::Valid &&
                         written_in_its_groups(sheet.rows.rows[static_cast<std::size_t>(kept[i].row)], kept[i]));
        finding.corrected = corrected;
        finding.confidence = kept[i].confidence;
        finding.weakest = kept[i].weakest;
        if (posterior) finding.trust(*posterior);
        finding.page = sheet.rows.source;
        finding.box = kept[i].box;
        findings.push_back(std::move(finding));
    }
}

bool is_written(const Word& word) {
    const auto letters = std::count_if(word.plain.begin(), word.plain.end(),
                                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
    return letters >= 2 || (letters == 1 && word.plain.size() == 1 && word.plain != "i" && word.plain != "l");
}

// Words right of the label, up to the next one, or below it when its row holds nothing more.
bool place_is_blank(const Sheet& sheet, const LabelHit& label) {
    if (asks_for_empty_boxes(sheet, label)) return true;
    const auto& rows = sheet.rows.rows;
    const auto& row = rows[static_cast<std::size_t>(label.row)];
    int end = static_cast<int>(row.words.size());
    int right = sheet.rows.source->width;
    for (const auto& other : sheet.labels.labels) {
        if (other.row != label.row || other.first_word <= label.last_word) continue;
        end = std::min(end, other.first_word);
        right = std::min(right, other.box.x);
    }
    int written = 0;
    for (int w = label.last_word + 1; w < end; ++w)
        written += is_written(row.words[static_cast<std::size_t>(w)]) ? 1 : 0;
    const auto below = static_cast<std::size_t>(label.row) + 1;
    if (written == 0 && below < rows.size() && rows[below].box.y - bottom_of(label.box) < 2 * sheet.rows.text_height) {
        const bool labelled =
            std::any_of(sheet.labels.labels.begin(), sheet.labels.labels.end(),
                        [&](const auto& other) { return other.row == static_cast<int>(below) && other.box.x < right; });
        // What answers from below begins under its label.
        const auto& words = rows[below].words;
        const auto first = std::find_if(words.begin(), words.end(), [&](const Word& word) {
            return right_of(word.box) > label.box.x && word.box.x < right;
        });
        const bool under = first != words.end() && first->box.x < right_of(label.box);
        for (auto word = first; under && !labelled && word != words.end() && word->box.x < right; ++word)
            written += is_written(*word) ? 1 : 0;
    }
    return written < 2;  // one stray word is noise of the boxes
}

void find_unread(const Sheet& sheet, const std::vector<int>& read, Findings& findings) {
    for (std::size_t l = 0; l < sheet.labels.labels.size(); ++l) {
        const auto& label = sheet.labels.labels[l];
        if (label.label != Label::Nir || std::find(read.begin(), read.end(), static_cast<int>(l)) != read.end())
            continue;
        const Party party = party_of(sheet, static_cast<int>(l), label.row, label.box);
        if (party != Party::Insured || place_is_blank(sheet, label)) continue;
        Finding finding;
        finding.field = kUnreadInsuredNir;
        finding.party = party;
        finding.page = sheet.rows.source;
        finding.box = label.box;
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void find_person_numbers(const Sheet& sheet, Findings& findings) {
    std::vector<Spot> found_with_key;
    std::vector<int> read;
    find(sheet, kWithKey, findings, found_with_key, read);
    find(sheet, kWithoutKey, findings, found_with_key, read);
    find_unread(sheet, read, findings);
}

bool asks_for_empty_boxes(const Sheet& sheet, const LabelHit& label) {
    const auto& combs = sheet.rows.source->empty_combs;
    return std::any_of(combs.begin(), combs.end(), [&](const Box& comb) {
        const int middle = comb.y + comb.height / 2;
        const bool beside = middle > label.box.y - comb.height / 2 && middle < bottom_of(label.box) + comb.height / 2 &&
                            comb.x >= right_of(label.box) && comb.x - right_of(label.box) < 8 * sheet.rows.text_height;
        const bool below = comb.y > label.box.y && comb.y - bottom_of(label.box) < 2 * sheet.rows.text_height &&
                           right_of(comb) > label.box.x && comb.x < right_of(label.box);
        return beside || below;
    });
}

Party party_of(const Sheet& sheet, int label, int row, const Box& box) {
    if (label >= 0) {
        const auto& hit = sheet.labels.labels[static_cast<std::size_t>(label)];
        if (hit.party != Party::Unknown) return hit.party;
        return party_at(sheet.labels, sheet.rows, hit.row, hit.box);
    }
    return party_at(sheet.labels, sheet.rows, row, box);
}

}  // namespace pleiade::reader::fields
