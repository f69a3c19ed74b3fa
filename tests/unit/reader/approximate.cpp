#include "services/reader/approximate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace pleiade::reader {
namespace {

int naive_distance(const std::string& a, const std::string& b) {
    std::vector<int> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

bool word_edge(const std::string& text, std::size_t at) {
    return at == 0 || at >= text.size() || text[at] == ' ' || text[at - 1] == ' ';
}

// The least distance to any part of the text that begins and ends at words.
int naive_best(const std::string& phrase, const std::string& text) {
    int best = 1000;
    for (std::size_t from = 0; from < text.size(); ++from) {
        if (!word_edge(text, from) || text[from] == ' ') continue;
        for (std::size_t to = from + 1; to <= text.size(); ++to) {
            if (word_edge(text, to)) best = std::min(best, naive_distance(phrase, text.substr(from, to - from)));
        }
    }
    return best;
}

std::string random_text(std::mt19937& random, std::size_t length_max) {
    static const std::string letters = "abcd ";
    std::string text;
    const auto length = 1 + random() % length_max;
    for (std::size_t i = 0; i < length; ++i) text += letters[random() % letters.size()];
    return text;
}

TEST(Approximate, EditDistanceAgreesWithTheTextbookOnRandomWords) {
    constexpr unsigned kSeed = 20261121;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int i = 0; i < 3000; ++i) {
        const auto a = random_text(random, Phrase::kLengthMax), b = random_text(random, 90);
        ASSERT_EQ(edit_distance(a, b), naive_distance(a, b)) << "«" << a << "» «" << b << "»";
    }
}

TEST(Approximate, FindsThePlaceThatTheTextbookFinds) {
    constexpr unsigned kSeed = 41;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int i = 0; i < 1500; ++i) {
        auto phrase = random_text(random, 12);
        if (phrase.find_first_not_of(' ') == std::string::npos) phrase = "a";
        const auto text = random_text(random, 40);
        const int allowed = static_cast<int>(random() % 4);
        const auto found = Phrase(phrase).find_in(text, allowed);
        const int best = naive_best(phrase, text);
        ASSERT_EQ(found.has_value(), best <= allowed) << "«" << phrase << "» in «" << text << "» best " << best;
        if (!found) continue;
        ASSERT_EQ(found->errors, best) << "«" << phrase << "» in «" << text << "»";
        ASSERT_EQ(naive_distance(phrase, text.substr(found->begin, found->end - found->begin)), found->errors);
    }
}

TEST(Approximate, GroupsOfCharactersRuleOutNothingThatIsThere) {
    constexpr unsigned kSeed = 43;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    int ruled_out = 0;
    for (int i = 0; i < 1500; ++i) {
        auto phrase = random_text(random, 30);
        if (phrase.find_first_not_of(' ') == std::string::npos) phrase = "a";
        // As often as not the phrase stands in the text, with an error or two.
        auto text = random_text(random, 60);
        if (i % 2 == 0) text += ' ' + phrase;
        if (i % 4 == 0) text[random() % text.size()] = 'z';
        const int allowed = static_cast<int>(random() % 4);
        const bool may_be = Phrase(phrase).may_be_in(CharacterGroups(text), allowed);
        ASSERT_TRUE(may_be || naive_best(phrase, text) > allowed) << "«" << phrase << "» in «" << text << "»";
        ruled_out += may_be ? 0 : 1;
    }
    EXPECT_GT(ruled_out, 200);
}

TEST(Approximate, SurvivesWhatOcrDoesToATitle) {
    const Phrase title("avis d arret de travail");
    EXPECT_TRUE(title.find_in("cerfa av1s d arret de travall volet 1"));
    EXPECT_TRUE(title.find_in("avis darret de travail"));
    EXPECT_FALSE(title.find_in("avis d imposition sur le travail"));
}

TEST(Approximate, DoesNotTakeABeginningForAWord) {
    EXPECT_FALSE(Phrase("ordonnance").find_in("l ordonnancement des taches", 0));
    EXPECT_FALSE(Phrase("rsa").find_in("adversaire"));
    EXPECT_TRUE(Phrase("rsa").find_in("demande de rsa"));
}

}  // namespace
}  // namespace pleiade::reader
