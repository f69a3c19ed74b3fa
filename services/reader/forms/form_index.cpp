#include "services/reader/forms/form_index.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace pleiade::reader::forms {
namespace {

constexpr int kBitsOffMax = 32;  // of 256: nine in ten of the landmarks that are the same
constexpr std::size_t kMatchesMin = 8;
constexpr int kPerForm = 2;  // places of one form that a landmark of the page may be

std::array<std::uint64_t, 4> words_of(const cv::Mat& descriptions, int row) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), descriptions.ptr(row), sizeof words);
    return words;
}

// Bits in which two descriptions differ, summed side by side in the bytes of one word: on the processors that the
// build must run on, the compiler's own count is a call for each word.
int bits_apart(const std::array<std::uint64_t, 4>& a, const std::array<std::uint64_t, 4>& b) {
    constexpr std::uint64_t kTwos = 0x3333333333333333, kFours = 0x0F0F0F0F0F0F0F0F;
    std::uint64_t fours = 0;
    for (std::size_t w = 0; w < 4; w += 2) {
        std::uint64_t one = a[w] ^ b[w], other = a[w + 1] ^ b[w + 1];
        one -= one >> 1 & 0x5555555555555555;
        other -= other >> 1 & 0x5555555555555555;
        const std::uint64_t both = (one & kTwos) + (one >> 2 & kTwos) + (other & kTwos) + (other >> 2 & kTwos);
        fours += (both & kFours) + (both >> 4 & kFours);
    }
    // 32 at most in a byte; sums of all of them need wider places.
    constexpr std::uint64_t kEven = 0x00FF00FF00FF00FF;
    const std::uint64_t pairs = (fours & kEven) + (fours >> 8 & kEven);
    return static_cast<int>(pairs * 0x0001000100010001 >> 48);
}

}  // namespace

void FormIndex::add(int form, const Landmarks& landmarks) {
    forms_ = std::max(forms_, form + 1);
    for (std::size_t i = 0; i < landmarks.at.size(); ++i) {
        entries_.push_back({words_of(landmarks.descriptions, static_cast<int>(i)), landmarks.at[i], form});
    }
}

std::uint32_t FormIndex::key_of(const Table& table, const std::array<std::uint64_t, 4>& description) {
    std::uint32_t key = 0;
    for (const auto bit : table.bits)
        key = key << 1 | static_cast<std::uint32_t>(description[bit >> 6] >> (bit & 63) & 1);
    return key;
}

void FormIndex::build() {
    // Bits that are set in about half of the descriptions tell most.
    std::array<int, 256> set{};
    for (const auto& entry : entries_) {
        for (std::size_t bit = 0; bit < 256; ++bit)
            set[bit] += static_cast<int>(entry.description[bit >> 6] >> (bit & 63) & 1);
    }
    std::array<std::uint8_t, 256> order{};
    for (std::size_t bit = 0; bit < 256; ++bit) order[bit] = static_cast<std::uint8_t>(bit);
    const auto imbalance = [&](std::uint8_t bit) { return std::abs(2 * set[bit] - static_cast<int>(entries_.size())); };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint8_t a, std::uint8_t b) { return imbalance(a) < imbalance(b); });
    std::mt19937 random(20261121);
    std::shuffle(order.begin(), order.begin() + 160, random);
    std::size_t next = 0;
    for (auto& table : tables_) {
        for (auto& bit : table.bits) bit = order[next++ % 160];
        table.starts.assign((1u << kKeyBits) + 1, 0);
        for (const auto& entry : entries_) ++table.starts[key_of(table, entry.description) + 1];
        for (std::size_t key = 0; key + 1 < table.starts.size(); ++key) table.starts[key + 1] += table.starts[key];
        table.entries.resize(entries_.size());
        auto place = table.starts;
        for (std::uint32_t i = 0; i < entries_.size(); ++i) {
            table.entries[place[key_of(table, entries_[i].description)]++] = i;
        }
    }
}

std::vector<Candidate> FormIndex::ask(const Landmarks& page, int most) const {
    std::vector<Candidate> candidates(static_cast<std::size_t>(forms_));
    if (entries_.empty()) return {};
    // Of each form the places that a landmark of the page is likest to, the best first; marks that all forms have
    // (corners, boxes) are met by hundreds, so none is kept that could not count.
    struct Likest {
        struct Place {
            int bits_off;
            std::uint32_t entry;
            bool operator<(const Place& other) const {
                return bits_off != other.bits_off ? bits_off < other.bits_off : entry < other.entry;
            }
        };
        std::array<Place, kPerForm> places;
        int count = 0;
        void add(Place place) {
            int at = count;
            while (at > 0 && place < places[static_cast<std::size_t>(at) - 1]) --at;
            if (at == kPerForm) return;
            count = std::min(count + 1, kPerForm);
            for (int i = count - 1; i > at; --i)
                places[static_cast<std::size_t>(i)] = places[static_cast<std::size_t>(i) - 1];
            places[static_cast<std::size_t>(at)] = place;
        }
    };
    std::vector<Likest> likest(candidates.size());
    std::vector<std::size_t> forms;  // that have some
    std::vector<int> asked(entries_.size(), -1);
    for (int i = 0; i < static_cast<int>(page.at.size()); ++i) {
        const auto description = words_of(page.descriptions, i);
        for (const auto& table : tables_) {
            const auto key = key_of(table, description);
            for (auto at = table.starts[key]; at < table.starts[key + 1]; ++at) {
                const auto entry = table.entries[at];
                if (asked[entry] == i) continue;
                asked[entry] = i;
                const int off = bits_apart(description, entries_[entry].description);
                if (off > kBitsOffMax) continue;
                const auto form = static_cast<std::size_t>(entries_[entry].form);
                if (likest[form].count == 0) forms.push_back(form);
                likest[form].add({off, entry});
            }
        }
        const float weight = 1.0f / static_cast<float>(forms.size());
        for (const auto form : forms) {
            auto& candidate = candidates[form];
            for (int n = 0; n < likest[form].count; ++n) {
                const auto& place = likest[form].places[static_cast<std::size_t>(n)];
                candidate.matches.push_back(
                    {page.at[static_cast<std::size_t>(i)], entries_[place.entry].at, place.bits_off, weight});
            }
            candidate.votes += weight;
            likest[form].count = 0;
        }
        forms.clear();
    }
    for (std::size_t form = 0; form < candidates.size(); ++form) candidates[form].form = static_cast<int>(form);
    std::erase_if(candidates, [](const Candidate& c) { return c.matches.size() < kMatchesMin; });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; });
    if (candidates.size() > static_cast<std::size_t>(most)) candidates.resize(static_cast<std::size_t>(most));
    return candidates;
}

}  // namespace pleiade::reader::forms
