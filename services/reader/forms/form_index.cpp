#include "services/reader/forms/form_index.h"

#include <algorithm>
#include <bit>
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
    struct Seen {
        int form, bits_off;
        std::uint32_t entry;
    };
    std::vector<Seen> seen;
    std::vector<int> asked(entries_.size(), -1);
    for (int i = 0; i < static_cast<int>(page.at.size()); ++i) {
        const auto description = words_of(page.descriptions, i);
        seen.clear();
        for (const auto& table : tables_) {
            const auto key = key_of(table, description);
            for (auto at = table.starts[key]; at < table.starts[key + 1]; ++at) {
                const auto entry = table.entries[at];
                if (asked[entry] == i) continue;
                asked[entry] = i;
                const auto& other = entries_[entry].description;
                int off = 0;
                for (std::size_t w = 0; w < 4; ++w) off += std::popcount(description[w] ^ other[w]);
                if (off <= kBitsOffMax) seen.push_back({entries_[entry].form, off, entry});
            }
        }
        std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
            return a.form != b.form           ? a.form < b.form
                   : a.bits_off != b.bits_off ? a.bits_off < b.bits_off
                                              : a.entry < b.entry;
        });
        int forms = 0;
        for (std::size_t at = 0; at < seen.size(); ++at) forms += at == 0 || seen[at].form != seen[at - 1].form ? 1 : 0;
        int of_form = 0;
        for (std::size_t at = 0; at < seen.size(); ++at) {
            of_form = at > 0 && seen[at].form == seen[at - 1].form ? of_form + 1 : 0;
            if (of_form >= kPerForm) continue;
            const float weight = 1.0f / static_cast<float>(forms);
            auto& candidate = candidates[static_cast<std::size_t>(seen[at].form)];
            candidate.matches.push_back(
                {page.at[static_cast<std::size_t>(i)], entries_[seen[at].entry].at, seen[at].bits_off, weight});
            if (of_form == 0) candidate.votes += weight;
        }
    }
    for (std::size_t form = 0; form < candidates.size(); ++form) candidates[form].form = static_cast<int>(form);
    std::erase_if(candidates, [](const Candidate& c) { return c.matches.size() < kMatchesMin; });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; });
    if (candidates.size() > static_cast<std::size_t>(most)) candidates.resize(static_cast<std::size_t>(most));
    return candidates;
}

}  // namespace pleiade::reader::forms
