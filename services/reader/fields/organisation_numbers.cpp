#include <algorithm>
#include <cctype>
#include <functional>

#include "common/domain/identifiers/checksum.h"
#include "common/domain/identifiers/finess.h"
#include "common/domain/identifiers/practitioner.h"
#include "common/domain/identifiers/siret.h"
#include "services/reader/fields/decoding.h"
#include "services/reader/fields/finding.h"

namespace pleiade::reader::fields {
namespace {

constexpr double kTogetherMax = 1.2;  // heights of text between the words of one sentence
using Parser = std::function<std::optional<Parsed>(std::string_view)>;

// 01 régime général + caisse + centre, as an attestation prints it, or without the centre. Three figures alone are
// too common to be taken for a caisse.
constexpr std::size_t kOrganismeWithCentre = 9;
constexpr std::size_t kOrganisme = 5;

Finding finding_of(const Sheet& sheet, const Candidate& candidate, int label, std::string field, const Parsed& parsed) {
    Finding finding;
    finding.field = std::move(field);
    finding.value = parsed.value;
    finding.check = parsed.status;
    finding.party = party_of(sheet, label, candidate.row, candidate.box);
    finding.labelled = true;
    finding.corrected = candidate.corrected;
    finding.confidence = candidate.confidence;
    finding.weakest = candidate.weakest;
    finding.page = sheet.rows.source;
    finding.box = candidate.box;
    return finding;
}

// A value under its rule, as the boxes or the text say.
struct Read {
    Parsed parsed;
    int corrected = 0;
    std::optional<double> posterior;
};

std::optional<Read> read_number(const Candidate& candidate, const Parser& parse, double chance, std::size_t ruled) {
    if (!candidate.odds.empty()) {
        // What follows the figures that the rule is about must be figures, no more.
        const auto rest = candidate.digits.substr(ruled);
        const auto holds = [&](const std::string& text) {
            const auto parsed = parse(text + rest);
            return parsed && parsed->status == FieldStatus::Valid;
        };
        const auto end = candidate.odds.begin() + static_cast<std::ptrdiff_t>(ruled);
        if (const auto decoded = decode({candidate.odds.begin(), end}, holds, chance)) {
            return Read{*parse(decoded->text + rest), decoded->changed, decoded->posterior};
        }
    }
    const auto parsed = parse(candidate.digits);
    if (!parsed) return std::nullopt;
    return Read{*parsed, candidate.corrected, std::nullopt};
}

// How rare the rule is among random figures, and how many of the figures it is about.
struct Rule {
    double chance = 0.1;  // Luhn
    std::size_t ruled = std::string::npos;
};

// Figures alone prove little here (one number in ten satisfies Luhn): without its label nothing is taken.
void find(const Sheet& sheet, Label label, const std::string& field, std::size_t length, const Parser& parse,
          const Rule& rule, Findings& findings) {
    std::vector<Candidate> kept;
    std::vector<Read> values;
    std::vector<Spot> spots;
    for (const auto& candidate : stretches(sheet.rows, sheet.runs, length)) {
        const auto read = read_number(candidate, parse, rule.chance, std::min(length, rule.ruled));
        if (!read) continue;
        kept.push_back(candidate);
        values.push_back(*read);
        spots.push_back({candidate.row, candidate.first_word, candidate.last_word, candidate.box});
    }
    const auto label_of = claim(sheet.rows, sheet.labels, {label}, spots);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (label_of[i] < 0) continue;
        auto finding = finding_of(sheet, kept[i], label_of[i], field, values[i].parsed);
        finding.corrected = values[i].corrected;
        if (values[i].posterior) finding.trust(*values[i].posterior);
        findings.push_back(std::move(finding));
    }
}

// The code has no key: that there is such a caisse is all that can be checked. One number in ten is a caisse's.
std::optional<Parsed> caisse_of_organisme(const Sheet& sheet, std::string_view digits) {
    if (digits.substr(0, 2) != "01") return std::nullopt;
    const auto caisse = digits.substr(2, 3);
    if (caisse == "000") return std::nullopt;
    const auto* known = sheet.hints->organismes;
    const bool exists = known == nullptr || known->find(caisse) != nullptr;
    const bool whole = digits.size() == kOrganismeWithCentre;
    return Parsed{std::string(caisse), exists && whole ? FieldStatus::Valid : FieldStatus::Unchecked};
}

// Nine figures apart in a comb, 01 first, that no label claims: the label may be lost. It can confirm the caisse that
// the pli was addressed to or raise a question, no more.
void find_unlabelled_caisse(const Sheet& sheet, Findings& findings) {
    for (const auto& candidate : stretches(sheet.rows, sheet.runs, kOrganismeWithCentre)) {
        const auto parsed = candidate.comb ? caisse_of_organisme(sheet, candidate.digits) : std::nullopt;
        const bool taken = std::any_of(findings.begin(), findings.end(), [&](const Finding& other) {
            return other.page == sheet.rows.source && other.box == candidate.box;
        });
        if (!parsed || taken) continue;
        findings.push_back(finding_of(sheet, candidate, -1, "caisse", {parsed->value, FieldStatus::Unchecked}));
        return;
    }
}

bool is_of_letters(const Word& word) {
    return std::count_if(word.plain.begin(), word.plain.end(), [](char c) { return c >= 'a' && c <= 'z'; }) >= 2;
}

// «informer la caisse de toute modification», «Médiateur de la caisse»: a word of a sentence, which asks for nothing.
bool stands_in_a_sentence(const PageRows& page, const LabelHit& label) {
    if (label.first_word != label.last_word) return false;  // «code organisme», «code de l'organisme»
    const auto& words = page.rows[static_cast<std::size_t>(label.row)].words;
    const double together = kTogetherMax * page.text_height;
    const auto at = static_cast<std::size_t>(label.first_word);
    const bool after = at + 1 < words.size() && words[at + 1].box.x - right_of(words[at].box) < together &&
                       is_of_letters(words[at + 1]);
    const bool before =
        at > 0 && words[at].box.x - right_of(words[at - 1].box) < together && is_of_letters(words[at - 1]);
    return after || before;
}

// Something is written where the code belongs and it could not be read: the caisse may be another one.
void find_unread_caisse(const Sheet& sheet, Findings& findings) {
    for (std::size_t l = 0; l < sheet.labels.labels.size(); ++l) {
        const auto& label = sheet.labels.labels[l];
        if (label.label != Label::Caisse || asks_for_empty_boxes(sheet, label) ||
            stands_in_a_sentence(sheet.rows, label))
            continue;
        int characters = 0;
        Box box = label.box;
        for (int below = 0; below <= 1; ++below) {
            const auto index = static_cast<std::size_t>(label.row + below);
            if (index >= sheet.rows.rows.size()) break;
            for (const auto& word : sheet.rows.rows[index].words) {
                const bool near = word.box.x + word.box.width > label.box.x &&
                                  word.box.x < label.box.x + label.box.width + 14 * sheet.rows.text_height &&
                                  word.box.y < label.box.y + label.box.height + 3 * sheet.rows.text_height;
                const bool of_label = word.box.x < label.box.x + label.box.width &&
                                      word.box.y < label.box.y + label.box.height && below == 0;
                const bool written = std::any_of(word.text.begin(), word.text.end(),
                                                 [](unsigned char c) { return std::isalnum(c) || c == '?'; });
                if (!near || of_label || !written) continue;
                ++characters;
                box = word.box;
            }
        }
        if (characters == 0) continue;
        Finding finding;
        finding.field = "caisse";
        finding.value = "?";
        finding.check = FieldStatus::Invalid;
        finding.labelled = true;
        finding.page = sheet.rows.source;
        finding.box = box;
        findings.push_back(std::move(finding));
        return;
    }
}

// 2A and 2B of Corsica: the letter is part of the number, not a misread figure.
void find_corsican_finess(const Sheet& sheet, Findings& findings) {
    std::vector<Candidate> kept;
    std::vector<Spot> spots;
    for (auto candidate : stretches(sheet.rows, sheet.runs, 9)) {
        if (!candidate.odds.empty()) continue;  // decoded with its letter, as any other
        if (candidate.read[0] != '2' || (candidate.read[1] != 'A' && candidate.read[1] != 'B')) continue;
        candidate.digits[1] = candidate.read[1];
        --candidate.corrected;
        if (!parse_finess(candidate.digits)) continue;
        kept.push_back(candidate);
        spots.push_back({candidate.row, candidate.first_word, candidate.last_word, candidate.box});
    }
    const auto label_of = claim(sheet.rows, sheet.labels, {Label::Finess}, spots);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (label_of[i] < 0) continue;
        findings.push_back(finding_of(sheet, kept[i], label_of[i], "finess", *parse_finess(kept[i].digits)));
    }
}

}  // namespace

void find_organisation_numbers(const Sheet& sheet, Findings& findings) {
    find(sheet, Label::Siret, "siret", 14, parse_siret, {.chance = 0.01}, findings);
    const auto before = findings.size();
    find_corsican_finess(sheet, findings);
    if (findings.size() == before) find(sheet, Label::Finess, "finess", 9, parse_finess, {}, findings);
    find(sheet, Label::Rpps, "rpps", 11, parse_rpps, {.chance = 0.02}, findings);
    const auto found = findings.size();
    const auto caisse = [&](std::string_view digits) { return caisse_of_organisme(sheet, digits); };
    // With a wrong figure after 01, one code in eight is that of a caisse.
    const Rule organisme{.chance = 0.13, .ruled = kOrganisme};
    find(sheet, Label::Caisse, "caisse", kOrganismeWithCentre, caisse, organisme, findings);
    if (findings.size() == found) find(sheet, Label::Caisse, "caisse", kOrganisme, caisse, organisme, findings);
    if (findings.size() == found) find_unlabelled_caisse(sheet, findings);
    if (findings.size() == found) find_unread_caisse(sheet, findings);
}

}  // namespace pleiade::reader::fields
