#include "services/reader/fields/claims.h"

#include <algorithm>
#include <limits>

namespace pleiade::reader::fields {
namespace {

constexpr int kWordsBetweenMax = 9;  // «N° de sécurité sociale de l'assuré(e) (à remplir dans tous les cas) :»
constexpr int kBoxesOfAnother = 3;
constexpr int kWordsAfterMax = 3;   // after a label that ends its row: «est le :»
constexpr double kBelowMax = 2.2;   // heights of text between a label and the value below it
constexpr double kLeftSlack = 2.0;  // a comb begins a little before its label
constexpr int kRowsBelowMax = 4;
constexpr double kInTextMax = 1.2;  // heights of text between the words of one sentence
// Numbers of one length on one page: more than a table of reimbursements holds.
constexpr std::size_t kSpotsMax = 500;
constexpr int kNone = std::numeric_limits<int>::max();

bool among(Label label, const std::vector<Label>& kinds) {
    return std::find(kinds.begin(), kinds.end(), label) != kinds.end();
}

class Claims {
  public:
    Claims(const PageRows& page, const Labels& labels) : page_(page), labels_(labels) {}

    // The lower the nearer; kNone when the value does not answer to the label.
    int distance(const LabelHit& label, const Spot& spot) const {
        if (spot.row == label.row) return on_its_right(label, spot);
        if (spot.row < label.row) return kNone;
        if (wraps(label, spot)) return 1000;
        return below(label, spot);
    }

  private:
    int on_its_right(const LabelHit& label, const Spot& spot) const {
        if (spot.first_word <= label.last_word) return kNone;
        const int between = spot.first_word - label.last_word - 1;
        if (between > kWordsBetweenMax) return kNone;
        for (const auto& other : labels_.labels) {
            if (other.row == label.row && other.first_word > label.last_word && other.last_word < spot.first_word) {
                return kNone;
            }
        }
        // Boxes that are filled in between them are the label's own, whether they could be told or not.
        const auto& words = page_.rows[static_cast<std::size_t>(label.row)].words;
        const auto boxes = std::count_if(words.begin() + label.last_word + 1, words.begin() + spot.first_word,
                                         [](const Word& word) { return word.odds.has_value(); });
        if (boxes >= kBoxesOfAnother) return kNone;
        return between;
    }

    // Only running text goes on at the beginning of the next row: the label of the last box of a form does not.
    bool wraps(const LabelHit& label, const Spot& spot) const {
        if (spot.row != label.row + 1 || spot.first_word > 0 || label.first_word == 0) return false;
        const auto& row = page_.rows[static_cast<std::size_t>(label.row)];
        const auto& before = row.words[static_cast<std::size_t>(label.first_word) - 1].box;
        if (label.box.x - right_of(before) > kInTextMax * page_.text_height) return false;
        const int after = static_cast<int>(row.words.size()) - 1 - label.last_word;
        return after <= kWordsAfterMax && spot.box.y - bottom_of(row.box) < kBelowMax * page_.text_height;
    }

    int below(const LabelHit& label, const Spot& spot) const {
        const int gap = spot.box.y - bottom_of(label.box);
        if (gap > kBelowMax * page_.text_height) return kNone;
        const int left = label.box.x - static_cast<int>(kLeftSlack * page_.text_height);
        int right = page_.source->width;
        for (const auto& other : labels_.labels) {
            if (other.row == label.row && other.first_word > label.last_word) right = std::min(right, other.box.x);
            // A label on the value's own row is nearer than the one above.
            if (other.row == spot.row && other.last_word < spot.first_word && other.box.x >= left) return kNone;
        }
        if (spot.box.x < left || spot.box.x >= right) return kNone;
        return 2000 + gap;
    }

    const PageRows& page_;
    const Labels& labels_;
};

}  // namespace

std::vector<int> claim(const PageRows& page, const Labels& labels, const std::vector<Label>& kinds,
                       const std::vector<Spot>& spots) {
    struct Pair {
        int distance, label, spot;
    };
    const Claims claims(page, labels);
    std::vector<Pair> pairs;
    for (std::size_t l = 0; l < labels.labels.size(); ++l) {
        if (!among(labels.labels[l].label, kinds)) continue;
        for (std::size_t s = 0; s < std::min(spots.size(), kSpotsMax); ++s) {
            if (spots[s].row < labels.labels[l].row || spots[s].row > labels.labels[l].row + kRowsBelowMax) continue;
            const int distance = claims.distance(labels.labels[l], spots[s]);
            if (distance != kNone) pairs.push_back({distance, static_cast<int>(l), static_cast<int>(s)});
        }
    }
    std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.distance < b.distance; });
    std::vector<int> label_of(spots.size(), -1);
    std::vector<bool> taken(labels.labels.size(), false);
    for (const auto& pair : pairs) {
        auto& label = label_of[static_cast<std::size_t>(pair.spot)];
        if (label != -1 || taken[static_cast<std::size_t>(pair.label)]) continue;
        label = pair.label;
        taken[static_cast<std::size_t>(pair.label)] = true;
    }
    return label_of;
}

}  // namespace pleiade::reader::fields
