#include <algorithm>
#include <array>
#include <string_view>

#include "common/domain/text_fold.h"
#include "services/reader/fields/finding.h"

namespace pleiade::reader::fields {
namespace {

constexpr int kNameWordsMax = 4;
constexpr double kGapMax = 3;  // inside a name, in heights of text
constexpr double kBelowMax = 2.0;

bool is_letter_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::string cleaned(const std::string& text) {
    auto first = text.begin();
    while (first != text.end() && !is_letter_byte(*first)) ++first;
    auto last = text.end();
    while (last != first && !is_letter_byte(*(last - 1))) --last;
    return {first, last};
}

// Letters, with dashes and apostrophes inside.
bool is_name_word(const std::string& text) {
    const auto plain = folded(text);
    if (plain.size() < 2) return false;
    return std::all_of(plain.begin(), plain.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '\''; });
}

bool is_civility(const std::string& plain) {
    return plain == "m" || plain == "mme" || plain == "mlle" || plain == "mr" || plain == "monsieur" ||
           plain == "madame" || plain == "m.";
}

bool all_capitals(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

struct NameWord {
    std::string text;
    double confidence = 0;
    Box box;
};

class Names {
  public:
    Names(const Sheet& sheet, Findings& findings) : sheet_(sheet), findings_(findings) {}

    void read(const LabelHit& label, int index) {
        auto words = to_the_right(label);
        if (words.empty()) words = below(label);
        const Party party = party_of(sheet_, index, label.row, label.box);
        if (words.empty() && label.label != Label::FirstName) note(kUnreadName, label, party);
        if (words.empty()) return;
        if (label.label == Label::FullName) {
            split(words, party);
        } else {
            add(label.label == Label::LastName ? "last_name" : "first_name", words, party);
        }
    }

    // «Étienne MOREAU, né le 31/07/1976»: letters name people so, without a word that announces a name.
    void read_before(const LabelHit& born, int index) {
        const auto& row = sheet_.rows.rows[static_cast<std::size_t>(born.row)];
        if (!row.words[static_cast<std::size_t>(born.first_word)].plain.starts_with("ne")) return;  // «date de ...»
        std::vector<NameWord> words;
        int edge = born.box.x;
        for (int w = born.first_word - 1; w >= 0; --w) {
            const auto& word = row.words[static_cast<std::size_t>(w)];
            const auto text = cleaned(word.text);
            const bool far = edge - right_of(word.box) > kGapMax * sheet_.rows.text_height;
            if (far || labelled_word(born.row, w) || is_civility(folded(text))) break;
            if (!is_name_word(text) || (text.front() >= 'a' && text.front() <= 'z')) break;
            words.insert(words.begin(), {text, word.confidence, word.box});
            edge = word.box.x;
        }
        if (words.size() < 2 || words.size() > kNameWordsMax) return;
        split(words, party_of(sheet_, index, born.row, born.box));
    }

    // Something that is no value and that the judgement must know.
    void note(std::string_view what, const LabelHit& label, Party party) {
        Finding place;
        place.field = what;
        place.party = party;
        place.page = sheet_.rows.source;
        place.box = label.box;
        findings_.push_back(std::move(place));
    }

  private:
    bool labelled_word(int row, int word) const {
        const auto covers = [&](const auto& hit) {
            return hit.row == row && hit.first_word <= word && word <= hit.last_word;
        };
        return std::any_of(sheet_.labels.labels.begin(), sheet_.labels.labels.end(), covers) ||
               std::any_of(sheet_.labels.parties.begin(), sheet_.labels.parties.end(), covers);
    }

    std::vector<NameWord> from(int row_index, int word, int right_edge, bool first_may_be_far) const {
        std::vector<NameWord> words;
        const auto& row = sheet_.rows.rows[static_cast<std::size_t>(row_index)];
        int edge = right_edge;
        for (; word < static_cast<int>(row.words.size()); ++word) {
            const auto& next = row.words[static_cast<std::size_t>(word)];
            if (next.printed && words.empty()) continue;
            if (next.printed) break;
            const bool far = next.box.x - edge > kGapMax * sheet_.rows.text_height;
            if (far && !(words.empty() && first_may_be_far)) break;
            if (labelled_word(row_index, word)) break;
            edge = right_of(next.box);
            const auto text = cleaned(next.text);
            if (text.empty() || (words.empty() && is_civility(folded(text)))) continue;
            if (!is_name_word(text)) break;
            words.push_back({text, next.confidence, next.box});
            if (words.size() > kNameWordsMax) return {};  // a sentence
        }
        return words;
    }

    std::vector<NameWord> to_the_right(const LabelHit& label) const {
        const auto& row = sheet_.rows.rows[static_cast<std::size_t>(label.row)];
        int word = label.last_word + 1;
        // What qualifies the label («de l'assuré(e)») is no name.
        bool aside = false;  // «(suivi, s'il y a lieu, du nom d'usage)»
        for (; word < static_cast<int>(row.words.size()); ++word) {
            const auto& plain = row.words[static_cast<std::size_t>(word)].plain;
            aside = aside || plain.starts_with("(");
            if (!aside && !labelled_party(label.row, word) && !link(row, word)) break;
            if (plain.find(')') != std::string::npos) aside = false;
        }
        return from(label.row, word, right_of(label.box), true);
    }

    bool labelled_party(int row, int word) const {
        return std::any_of(sheet_.labels.parties.begin(), sheet_.labels.parties.end(), [&](const PartyHit& hit) {
            return hit.row == row && hit.first_word <= word && word <= hit.last_word;
        });
    }
    static bool link(const Row& row, int word) {
        // «nom, prénom ou dénomination sociale», «nom de famille (de naissance) suivi du nom d'usage»
        static const std::array<std::string_view, 20> kOfLabels = {
            "de",    "du",        "la",      "le",      ":",     "l'",           "ou",      "et",     "des", "d'usage",
            "usage", "naissance", "famille", "marital", "suivi", "denomination", "sociale", "raison", "nom", "prenom"};
        const auto& one = row.words[static_cast<std::size_t>(word)];
        return one.printed || std::find(kOfLabels.begin(), kOfLabels.end(), one.plain) != kOfLabels.end();
    }

    std::vector<NameWord> below(const LabelHit& label) const {
        const auto& rows = sheet_.rows.rows;
        for (auto r = static_cast<std::size_t>(label.row) + 1; r < rows.size(); ++r) {
            if (rows[r].box.y - bottom_of(label.box) > kBelowMax * sheet_.rows.text_height) break;
            for (int w = 0; w < static_cast<int>(rows[r].words.size()); ++w) {
                const auto& box = rows[r].words[static_cast<std::size_t>(w)].box;
                if (box.y < bottom_of(label.box) - box.height / 2) continue;
                if (box.x < label.box.x - 2 * sheet_.rows.text_height) continue;
                if (box.x > right_of(label.box) + 2 * sheet_.rows.text_height) break;
                return from(static_cast<int>(r), w, box.x, false);
            }
        }
        return {};
    }

    // Paper writes the family name first, or in capitals.
    void split(const std::vector<NameWord>& words, Party party) {
        if (words.size() < 2) {
            add("last_name", words, party);
            return;
        }
        const auto first_small =
            std::find_if(words.begin(), words.end(), [](const NameWord& word) { return !all_capitals(word.text); });
        if (first_small == words.end()) {
            add("last_name", {words.front()}, party);
            add("first_name", {words.begin() + 1, words.end()}, party);
        } else if (first_small == words.begin()) {
            const auto capitals =
                std::find_if(words.begin(), words.end(), [](const NameWord& word) { return all_capitals(word.text); });
            const auto cut = capitals == words.end() ? words.begin() + 1 : capitals;
            const bool family_first = capitals == words.end();
            add(family_first ? "last_name" : "first_name", {words.begin(), cut}, party);
            add(family_first ? "first_name" : "last_name", {cut, words.end()}, party);
        } else {
            add("last_name", {words.begin(), first_small}, party);
            add("first_name", {first_small, words.end()}, party);
        }
    }

    void add(const std::string& field, const std::vector<NameWord>& words, Party party) {
        if (words.empty()) return;
        Finding finding;
        finding.field = field;
        finding.box = words.front().box;
        finding.weakest = 1;
        for (const auto& word : words) {
            if (!finding.value.empty()) finding.value += ' ';
            finding.value += word.text;
            finding.confidence += word.confidence / static_cast<double>(words.size());
            finding.weakest = std::min(finding.weakest, word.confidence);
            finding.box = around(finding.box, word.box);
        }
        finding.party = party;
        finding.labelled = true;
        finding.page = sheet_.rows.source;
        findings_.push_back(std::move(finding));
    }

    const Sheet& sheet_;
    Findings& findings_;
};

}  // namespace

void find_names(const Sheet& sheet, Findings& findings) {
    Names names(sheet, findings);
    for (std::size_t i = 0; i < sheet.labels.labels.size(); ++i) {
        const auto& label = sheet.labels.labels[i];
        if (label.label == Label::BirthDate) names.read_before(label, static_cast<int>(i));
        if (label.label == Label::LastName || label.label == Label::FirstName || label.label == Label::FullName) {
            names.read(label, static_cast<int>(i));
            const auto party = party_of(sheet, static_cast<int>(i), label.row, label.box);
            if (party == Party::Beneficiary) names.note(kPlaceForBeneficiary, label, party);
        }
    }
}

}  // namespace pleiade::reader::fields
