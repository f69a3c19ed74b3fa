#include "services/reader/fields/labels.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "services/reader/fields/approximate.h"
#include "services/reader/fields/wordings.h"

namespace pleiade::reader::fields {
namespace {

// A short wording must be read exactly; a long one may lose a character in seven.
constexpr std::size_t kExactBelow = 7;
constexpr std::size_t kLettersPerError = 7;
constexpr int kErrorsMax = 4;
// Short wordings must stand alone; in a long one the OCR may have glued the next word.
constexpr std::size_t kWholeWordsBelow = 9;
constexpr int kHeadingWordsMax = 9;
constexpr int kLongHeadingWordsMax = 16;
constexpr int kWordsBeforeMax = 4;  // «identification de l'assuré(e)»

// The densest form has some 120; a page that has more is not one.
constexpr double kCentredWithin = 0.16;  // of the page's width, from edge to edge
constexpr std::size_t kLabelsMax = 300;

struct Pattern {
    std::string text;
    int kind = 0;
};
struct Place {
    std::size_t from = 0, to = 0;
    int errors = 0;
    int kind = 0;
    int weight() const { return static_cast<int>(to - from) - 3 * errors; }
};

std::string squeezed(std::string_view wording, bool keep_parentheses) {
    std::string text;
    bool inside = false;
    for (const char c : wording) {
        if (c == '(') inside = true;
        if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && (!inside || keep_parentheses)) text += c;
        if (c == ')') inside = false;
    }
    return text;
}

template <class Wordings>
std::vector<Pattern> patterns_of(const Wordings& wordings) {
    std::vector<Pattern> patterns;
    for (const auto& [kind, text] : wordings) {
        patterns.push_back({squeezed(text, true), static_cast<int>(kind)});
        if (text.find('(') != std::string_view::npos) {
            patterns.push_back({squeezed(text, false), static_cast<int>(kind)});
        }
    }
    return patterns;
}

// «Nom» and «Prénom» over two columns are not «nom, prénom».
bool in_one_piece(const Row& row, std::size_t from, std::size_t to, int gap) {
    for (int w = row.word_of[from]; w < row.word_of[to - 1]; ++w) {
        const auto& left = row.words[static_cast<std::size_t>(w)].box;
        if (row.words[static_cast<std::size_t>(w) + 1].box.x - right_of(left) > gap) return false;
    }
    return true;
}

// «assuré(e), n°» is told from «assuré(e) n'a» by its last letters: none of them may be a misread one.
bool ends_alike(const std::string& pattern, const std::string& row, std::size_t end) {
    static constexpr std::string_view kNumber = "no";
    return !pattern.ends_with(kNumber) || std::string_view(row).substr(0, end).ends_with(kNumber);
}

std::vector<Place> places_in(const Row& row, const std::vector<Pattern>& patterns, int gap) {
    std::vector<Place> places;
    for (const auto& pattern : patterns) {
        const auto size = pattern.text.size();
        const int errors_max = size < kExactBelow ? 0 : std::min(kErrorsMax, static_cast<int>(size / kLettersPerError));
        for (const auto& found : find_approximately(pattern.text, row.squeezed, errors_max)) {
            if (!row.starts[found.from] || !ends_alike(pattern.text, row.squeezed, found.to)) continue;
            if (size < kWholeWordsBelow && !row.ends_before(found.to)) continue;
            if (!in_one_piece(row, found.from, found.to, gap)) continue;
            places.push_back({found.from, found.to, found.errors, pattern.kind});
        }
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const Place& a, const Place& b) { return a.weight() > b.weight(); });
    std::vector<Place> kept;
    for (const auto& place : places) {
        const bool free = std::none_of(kept.begin(), kept.end(), [&](const Place& other) {
            return place.from < other.to && other.from < place.to;
        });
        if (free) kept.push_back(place);
    }
    std::sort(kept.begin(), kept.end(), [](const Place& a, const Place& b) { return a.from < b.from; });
    return kept;
}

bool is_link(const std::string& plain) {
    static constexpr std::array<std::string_view, 12> kLinks = {"de",  "du",  "la",  "le", "l'", "d'",
                                                                "des", "de:", "(e)", "-",  "/",  "les"};
    return std::find(kLinks.begin(), kLinks.end(), plain) != kLinks.end();
}

// The words between two large gaps: one cell of a form.
std::pair<int, int> piece_around(const Row& row, int word, int gap) {
    const auto far = [&](int left) {
        const auto& a = row.words[static_cast<std::size_t>(left)].box;
        const auto& b = row.words[static_cast<std::size_t>(left) + 1].box;
        return b.x - right_of(a) > gap;
    };
    int first = word;
    while (first > 0 && !far(first - 1)) --first;
    int last = word;
    while (last + 1 < static_cast<int>(row.words.size()) && !far(last)) ++last;
    return {first, last};
}

// A title in the middle of the page, with nothing before it on its row, opens a section as wide as the page. The rules
// beside it are read as a word now and then.
bool is_centred(const Box& title, const PageRows& page) {
    const int middle = title.x + title.width / 2, width = page.source->width;
    return std::abs(2 * middle - width) < kCentredWithin * width;
}

Box widened(const Box& title) {
    return {0, title.y, right_of(title), title.height};
}

void attach_parties(const PageRows& page, Labels& labels) {
    for (auto& party : labels.parties) {
        const auto& row = page.rows[static_cast<std::size_t>(party.row)];
        LabelHit* owner = nullptr;
        bool inside = false;  // a word of the label itself
        for (auto& label : labels.labels) {
            if (label.row != party.row || label.last_word > party.first_word) continue;
            inside = inside || party.first_word <= label.last_word;
            bool linked = true;
            for (int i = label.last_word + 1; i < party.first_word; ++i) {
                linked = linked && is_link(row.words[static_cast<std::size_t>(i)].plain);
            }
            if (linked) owner = &label;
        }
        if (owner != nullptr) {
            if (owner->party == Party::Unknown && !inside) owner->party = party.party;
            continue;
        }
        const auto [first, last] = piece_around(row, party.first_word, 2 * page.text_height);
        const int before = party.first_word - first;
        const int words = last - first + 1;
        party.heading =
            (before <= kWordsBeforeMax && words <= kHeadingWordsMax) || (before <= 1 && words <= kLongHeadingWordsMax);
        // «Personne recevant les soins (si ce n'est pas l'assuré(e))»: the first one named owns the section.
        for (const auto& other : labels.parties) {
            if (&other == &party) break;
            if (other.row == party.row && other.heading && other.last_word >= first) party.heading = false;
        }
        if (!party.heading) continue;
        party.box = box_of(row, first, party.last_word);  // a section begins where its title begins
        const bool centred = is_centred(box_of(row, first, last), page) || is_centred(party.box, page);
        if (first == 0 && centred) party.box = widened(party.box);
    }
}

}  // namespace

Labels find_labels(const PageRows& page) {
    static const auto label_patterns = patterns_of(label_wordings());
    static const auto party_patterns = patterns_of(party_wordings());
    Labels found;
    const int gap = 2 * page.text_height;
    for (std::size_t r = 0; r < page.rows.size(); ++r) {
        if (found.labels.size() > kLabelsMax || found.parties.size() > kLabelsMax) break;
        const auto& row = page.rows[r];
        for (const auto& place : places_in(row, label_patterns, gap)) {
            const int first = row.word_of[place.from];
            const int last = row.word_of[place.to - 1];
            found.labels.push_back({static_cast<Label>(place.kind), static_cast<int>(r), first, last,
                                    box_of(row, first, last), Party::Unknown});
        }
        for (const auto& place : places_in(row, party_patterns, gap)) {
            const int first = row.word_of[place.from];
            const int last = row.word_of[place.to - 1];
            found.parties.push_back(
                {static_cast<Party>(place.kind), static_cast<int>(r), first, last, box_of(row, first, last), false});
        }
    }
    attach_parties(page, found);
    return found;
}

Party party_at(const Labels& labels, const PageRows& page, int row, const Box& box) {
    const PartyHit* found = nullptr;
    for (const auto& hit : labels.parties) {
        if (!hit.heading || hit.row > row) continue;
        if (hit.box.x > box.x + page.text_height) continue;  // another column, or to its right
        if (found == nullptr || hit.row > found->row || (hit.row == found->row && hit.box.x > found->box.x)) {
            found = &hit;
        }
    }
    return found == nullptr ? Party::Unknown : found->party;
}

}  // namespace pleiade::reader::fields
