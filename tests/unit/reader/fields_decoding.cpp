#include <gtest/gtest.h>

#include <random>

#include "common/domain/identifiers/nir.h"
#include "services/reader/fields/decoding.h"
#include "tests/unit/reader/fields_page.h"

namespace pleiade::reader::test {
namespace {

using digits::Odds;
using fields::decode;

const std::string kNir = "255081416802538";

bool is_nir(const std::string& text) {
    const auto number = parse_person_number(text);
    return number && number->status == FieldStatus::Valid;
}
constexpr double kChance = 0.2 / 97;

int kind_of(char character) {
    return character == 'A' ? digits::kA : character == 'B' ? digits::kB : character - '0';
}

// Each box holds that character with that probability; what is left is spread over the other figures.
std::vector<Odds> boxes(const std::string& text, float probability) {
    std::vector<Odds> all;
    for (const char character : text) {
        Odds odds{};
        for (std::size_t k = 0; k < 10; ++k) odds[k] = (1 - probability) / 10;
        odds[static_cast<std::size_t>(kind_of(character))] += probability;
        all.push_back(odds);
    }
    return all;
}

void doubt(Odds& odds, char first, float share, char second) {
    odds = {};
    odds[static_cast<std::size_t>(kind_of(first))] = share;
    odds[static_cast<std::size_t>(kind_of(second))] = 1 - share;
}

TEST(Decoding, IsSureOfWhatIsClearAndSatisfiesItsKey) {
    const auto decoded = decode(boxes(kNir, 0.99F), is_nir, kChance);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->text, kNir);
    EXPECT_EQ(decoded->changed, 0);
    EXPECT_GT(decoded->posterior, 0.99);
}

TEST(Decoding, KnowsTheCorsicanLetters) {
    const auto decoded = decode(boxes("284052A32102552", 0.99F), is_nir, kChance);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->text, "284052A32102552");
    EXPECT_GT(decoded->posterior, 0.99);
}

TEST(Decoding, SaysWhatItChanged) {
    auto read = boxes(kNir, 0.995F);
    doubt(read[4], '3', 0.6F, '8');
    const auto decoded = decode(read, is_nir, kChance);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->text, kNir);
    EXPECT_EQ(decoded->changed, 1);
}

TEST(Decoding, IsNotSureBetweenTwoThatBothHold) {
    auto read = boxes("03112026", 0.999F);
    doubt(read[1], '3', 0.7F, '8');
    const auto holds = [](const std::string&) { return true; };
    const auto decoded = decode(read, holds, 7e-4);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->text, "03112026");
    EXPECT_NEAR(decoded->posterior, 0.7, 0.05);
    ASSERT_FALSE(decoded->others.empty());
    EXPECT_EQ(decoded->others[0], "08112026");
}

TEST(Decoding, IsNotSureOfWhatIsNoFigureAtAll) {
    auto read = boxes(kNir, 0.995F);
    for (std::size_t i = 0; i < 6; ++i) {
        read[i] = {};
        read[i][static_cast<std::size_t>(kind_of(kNir[i]))] = 0.1F;
        read[i][digits::kOther] = 0.9F;
    }
    const auto decoded = decode(read, is_nir, kChance);
    if (decoded) EXPECT_LT(decoded->posterior, 0.5);
}

// What is said to be right with 0.99 must be right 99 times in a hundred, when the odds themselves tell the truth.
TEST(Decoding, PosteriorsAreCalibratedWhenTheOddsAre) {
    std::mt19937 random(4);
    int sure = 0, sure_wrong = 0;
    for (int i = 0; i < 1500; ++i) {
        std::string body = std::to_string(1 + random() % 2);
        const auto add = [&](int from, int to, int width) {
            auto text = std::to_string(from + static_cast<int>(random() % static_cast<unsigned>(to - from + 1)));
            body += std::string(static_cast<std::size_t>(width) - text.size(), '0') + text;
        };
        add(20, 99, 2);
        add(1, 12, 2);
        add(1, 95, 2);
        add(1, 990, 3);
        add(1, 999, 3);
        const auto nir = body + nir_key(body);
        std::vector<Odds> read;
        for (const char figure : nir) {
            Odds odds{};
            const float right = std::vector<float>{0.999F, 0.97F, 0.6F}[random() % 3];
            const auto other = static_cast<std::size_t>(random() % 10);
            // The box shows the figure with the probability that its odds say, the other one otherwise.
            const bool shown = std::uniform_real_distribution<float>(0, 1)(random) < right;
            const auto likely = shown ? static_cast<std::size_t>(figure - '0') : other;
            const auto unlikely = shown ? other : static_cast<std::size_t>(figure - '0');
            odds[likely] += right;
            odds[unlikely] += 1 - right;
            read.push_back(odds);
        }
        const auto decoded = decode(read, is_nir, kChance);
        if (!decoded || decoded->posterior < 0.99) continue;
        ++sure;
        sure_wrong += decoded->text != nir ? 1 : 0;
    }
    EXPECT_GT(sure, 100);
    EXPECT_LE(sure_wrong, 1 + sure / 100);
}

// A row of boxes on the page, as read_comb_rows gives it.
OcrLine comb_line(int x, int y, const std::vector<Odds>& read) {
    OcrLine line;
    for (const auto& odds : read) {
        OcrWord word;
        const int kind = digits::likeliest(odds);
        word.text = kind < digits::kEmpty ? digits::character_of(kind) : '?';
        word.confidence = kind < digits::kEmpty ? odds[static_cast<std::size_t>(kind)] : 0.0;
        word.box = {x, y, 40, 34};
        word.odds = odds;
        line.words.push_back(word);
        x += 40;
    }
    line.box = {line.words.front().box.x, y, x - line.words.front().box.x, 34};
    return line;
}

Fields read_form(const std::string& label, const std::vector<Odds>& read, const std::string& more = "",
                 const Organismes* organismes = nullptr) {
    auto page = PageWriter().text(100, 300, label);
    if (!more.empty()) page.text(100, 600, more);
    page.page().lines.push_back(comb_line(100, 335, read));
    auto given = hints();
    given.organismes = organismes;
    return extract(page, given);
}

TEST(FieldsInBoxes, AreValidUnderTheirKey) {
    EXPECT_EQ(said(read_form("numéro de sécurité sociale", boxes(kNir, 0.99F)), "nir"), kNir + " valid");
    EXPECT_EQ(said(read_form("N° SIRET", boxes("73282932000074", 0.995F)), "siret"), "73282932000074 valid");
    EXPECT_EQ(said(read_form("FINESS", boxes("2A0000014", 0.999F)), "finess"), "2A0000014 valid");
    EXPECT_EQ(said(read_form("date de l'accident", boxes("03112026", 0.9995F)), "accident_date"), "2026-11-03 valid");
}

TEST(FieldsInBoxes, AreNeverRepairedOnTheKeyAlone) {
    auto read = boxes(kNir, 0.995F);
    doubt(read[4], '3', 0.55F, '8');
    EXPECT_EQ(said(read_form("numéro de sécurité sociale", read), "nir"), kNir + " unchecked");
    EXPECT_EQ(said(read_form("numéro de sécurité sociale", read, "né(e) le 14/08/1955"), "nir"), kNir + " valid");
    EXPECT_EQ(said(read_form("numéro de sécurité sociale", read, "né(e) le 14/09/1955"), "nir"), kNir + " unchecked");
}

TEST(FieldsInBoxes, ADateThatMayBeAnotherIsNotValid) {
    auto read = boxes("03112026", 0.9995F);
    doubt(read[1], '3', 0.95F, '8');
    EXPECT_EQ(said(read_form("date de l'accident", read), "accident_date"), "2026-11-03 unchecked");
}

TEST(FieldsInBoxes, ACodeOrganismeMustExistAndBeClear) {
    const auto known = Organismes::parse(
        "# version: 2026-11-20\nregime;caisse;label_fr;departement;status;successor\n01;595;CPAM;59;open;\n"
        "01;594;CPAM;59;open;\n",
        "organismes.csv");
    ASSERT_TRUE(known) << known.error().message;
    EXPECT_EQ(said(read_form("code organisme", boxes("015950000", 0.9995F), "", &*known), "caisse"), "595 valid");
    auto read = boxes("015950000", 0.9995F);
    doubt(read[3], '4', 0.6F, '9');  // 545 is no caisse, 595 is
    EXPECT_EQ(said(read_form("code organisme", read, "", &*known), "caisse"), "595 unchecked");
    read = boxes("015950000", 0.9995F);
    doubt(read[4], '5', 0.9F, '4');  // 594 is another one
    EXPECT_EQ(said(read_form("code organisme", read, "", &*known), "caisse"), "595 unchecked");
}

TEST(FieldsInBoxes, AnIbanNeedsNoLettersButItsTwo) {
    auto read = boxes("007630001007941234567890185", 0.99F);
    for (std::size_t i = 0; i < 2; ++i) {
        read[i] = {};
        read[i][digits::kOther] = 1;
    }
    EXPECT_EQ(said(read_form("IBAN", read), "iban"), "FR7630001007941234567890185 valid");
}

TEST(FieldsInBoxes, ABoxThatWasNotToldIsNotSkipped) {
    auto read = boxes("2550814168025380", 0.99F);  // sixteen boxes, one of them struck out
    read[7] = {};
    read[7][digits::kOther] = 0.98F;
    read[7][1] = 0.02F;
    EXPECT_EQ(said(read_form("numéro de sécurité sociale", read), "nir"), "-");
}

}  // namespace
}  // namespace pleiade::reader::test
