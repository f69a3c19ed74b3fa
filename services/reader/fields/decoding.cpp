#include "services/reader/fields/decoding.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace pleiade::reader::fields {
namespace {

constexpr std::size_t kChoicesMax = 4;    // of a box
constexpr float kChoiceMin = 5e-4F;       // less likely is not looked at
constexpr int kStringsMax = 3000;         // looked at, likeliest first
constexpr double kSeenEnough = 1 - 1e-5;  // of all probability
constexpr std::size_t kOthersMax = 3;
// What no odds tell: a box too many, a stroke given to its neighbour, a hand unlike all that was learnt.
constexpr double kUnforeseen = 2e-3;

struct Choice {
    char character = 0;
    double probability = 0;
};

std::vector<Choice> choices_of(const digits::Odds& odds) {
    std::vector<Choice> choices;
    for (int kind = 0; kind < digits::kEmpty; ++kind) {
        const float probability = odds[static_cast<std::size_t>(kind)];
        if (probability >= kChoiceMin) choices.push_back({digits::character_of(kind), probability});
    }
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Choice& a, const Choice& b) { return a.probability > b.probability; });
    if (choices.size() > kChoicesMax) choices.resize(kChoicesMax);
    if (choices.empty()) {
        const int kind = digits::likeliest_character(odds);
        choices.push_back({digits::character_of(kind), odds[static_cast<std::size_t>(kind)]});
    }
    return choices;
}

// One string: which choice of each box; the next ones change no box before `from`, so that none comes twice.
struct Node {
    std::vector<std::uint8_t> choice;
    std::size_t from = 0;
    double probability = 0;
    bool operator<(const Node& other) const { return probability < other.probability; }
};

}  // namespace

std::optional<Decoded> decode(const std::vector<digits::Odds>& boxes,
                              const std::function<bool(const std::string&)>& holds, double chance) {
    std::vector<std::vector<Choice>> choices;
    Node first;
    first.probability = 1;
    first.choice.assign(boxes.size(), 0);
    for (const auto& odds : boxes) {
        choices.push_back(choices_of(odds));
        first.probability *= choices.back().front().probability;
    }
    Decoded decoded;
    decoded.as_read = first.probability;
    double seen = 0, satisfying = 0, best = 0;
    std::priority_queue<Node> queue;
    queue.push(std::move(first));
    std::string text(boxes.size(), '0');
    for (int looked = 0; looked < kStringsMax && !queue.empty() && seen < kSeenEnough; ++looked) {
        const Node node = queue.top();
        queue.pop();
        seen += node.probability;
        int changed = 0;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            text[i] = choices[i][node.choice[i]].character;
            changed += node.choice[i] != 0 ? 1 : 0;
        }
        if (holds(text)) {
            satisfying += node.probability;
            if (decoded.text.empty()) {
                decoded.text = text;
                decoded.changed = changed;
                best = node.probability;
            } else if (decoded.others.size() < kOthersMax) {
                decoded.others.push_back(text);
            }
        }
        for (std::size_t i = node.from; i < boxes.size(); ++i) {
            const auto next = static_cast<std::size_t>(node.choice[i]) + 1;
            if (next >= choices[i].size()) continue;
            Node child = node;
            child.choice[i] = static_cast<std::uint8_t>(next);
            child.from = i;
            child.probability *= choices[i][next].probability / choices[i][next - 1].probability;
            queue.push(std::move(child));
        }
    }
    if (decoded.text.empty()) return std::nullopt;
    const double unseen = std::max(0.0, 1 - seen);
    decoded.posterior = best / (satisfying + (unseen + kUnforeseen) * chance + 1e-9);
    return decoded;
}

}  // namespace pleiade::reader::fields
