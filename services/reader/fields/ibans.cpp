#include <algorithm>

#include "common/domain/identifiers/checksum.h"
#include "common/domain/identifiers/iban.h"
#include "services/reader/fields/decoding.h"
#include "services/reader/fields/finding.h"
#include "services/reader/figure_letters.h"

namespace pleiade::reader::fields {
namespace {

// A French IBAN: only the account, from 14 to 24, may hold letters.
constexpr std::size_t kAccountFrom = 14;
constexpr std::size_t kAccountTo = 25;
constexpr int kRowsMax = 3;  // a long number breaks over two lines, three in a narrow column

struct Letter {
    char c = 0;  // upper case
    std::size_t row = 0;
    int word = 0;
};

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Letters and figures of a word that may be part of an IBAN: nothing otherwise.
std::string alphanumeric(const Word& word) {
    std::string kept;
    int digits = 0;
    for (const char c : word.text) {
        const char up = upper(c);
        if (is_digit(up) || is_letter(up)) kept += up;
        if (is_digit(up)) ++digits;
        if (static_cast<unsigned char>(c) >= 0x80) return "";
    }
    if (digits == 0 && kept.size() > 4) return "";  // a word
    return kept;
}

// Letters where only figures can stand are taken for the figures that they are usually read for.
int correct(std::string& iban) {
    int corrected = 0;
    const bool french = iban.starts_with("FR");
    for (std::size_t i = 2; i < iban.size(); ++i) {
        const bool figures_only = i < 4 || (french && (i < kAccountFrom || i >= kAccountTo));
        if (!figures_only || is_digit(iban[i])) continue;
        if (const char figure = figure_like(iban[i])) {
            iban[i] = figure;
            ++corrected;
        }
    }
    return corrected;
}

class Follower {
  public:
    explicit Follower(const Sheet& sheet) : sheet_(sheet) {}

    // The letters that follow from that word on, over at most kRowsMax rows, stopping at `length`.
    std::vector<Letter> follow(std::size_t row, int word, std::size_t length) const {
        std::vector<Letter> letters;
        const auto& rows = sheet_.rows.rows;
        const int start = rows[row].words[static_cast<std::size_t>(word)].box.x;
        for (int step = 0; step < kRowsMax && row < rows.size(); ++step, ++row) {
            for (; word < static_cast<int>(rows[row].words.size()); ++word) {
                const auto& next = rows[row].words[static_cast<std::size_t>(word)];
                const auto text = alphanumeric(next);
                const bool only_marks = text.empty() && next.text.size() <= 1;
                if (text.empty() && !only_marks) return letters;
                for (const char c : text) letters.push_back({c, row, word});
                if (letters.size() >= length) return letters;
            }
            // It goes on at the beginning of the next row, or below its own beginning.
            if (row + 1 == rows.size()) break;
            word = 0;
            const auto& next = rows[row + 1].words;
            while (word < static_cast<int>(next.size()) &&
                   next[static_cast<std::size_t>(word)].box.x < start - 8 * sheet_.rows.text_height) {
                ++word;
            }
        }
        return letters;
    }

  private:
    const Sheet& sheet_;
};

// The label may stand on the row itself or above; IBANs are also printed with no label but their country.
bool has_label(const Sheet& sheet, std::size_t row, int word, const Box& box) {
    const std::vector<Spot> spot = {{static_cast<int>(row), word, word, box}};
    return claim(sheet.rows, sheet.labels, {Label::Iban}, spot).front() >= 0;
}

// In boxes: the digit model reads no letter, but a French IBAN has two, which are known. An account with letters in it
// stays unread.
constexpr std::size_t kFrenchLength = 27;
constexpr double kChance = 1.0 / (97 * 97);  // the key of the IBAN and that of the RIB

void find_boxed_ibans(const Sheet& sheet, Findings& findings) {
    std::vector<Candidate> kept;
    std::vector<Decoded> values;
    std::vector<Spot> spots;
    for (const auto& candidate : stretches(sheet.rows, sheet.runs, kFrenchLength)) {
        if (candidate.odds.empty()) continue;
        const auto holds = [](const std::string& figures) {
            const auto parsed = parse_iban("FR" + figures);
            return parsed && parsed->status == FieldStatus::Valid;
        };
        auto decoded = decode({candidate.odds.begin() + 2, candidate.odds.end()}, holds, kChance);
        if (!decoded) continue;
        kept.push_back(candidate);
        values.push_back(std::move(*decoded));
        spots.push_back({candidate.row, candidate.first_word, candidate.last_word, candidate.box});
    }
    const auto label_of = claim(sheet.rows, sheet.labels, {Label::Iban}, spots);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (label_of[i] < 0) continue;
        Finding finding;
        finding.field = "iban";
        finding.value = "FR" + values[i].text;
        finding.check = FieldStatus::Valid;
        finding.labelled = true;
        finding.corrected = values[i].changed;
        finding.trust(values[i].posterior);
        finding.page = sheet.rows.source;
        finding.box = kept[i].box;
        finding.party = party_at(sheet.labels, sheet.rows, kept[i].row, kept[i].box);
        findings.push_back(std::move(finding));
    }
}

}  // namespace

void find_ibans(const Sheet& sheet, Findings& findings) {
    find_boxed_ibans(sheet, findings);
    const Follower follower(sheet);
    for (std::size_t r = 0; r < sheet.rows.rows.size(); ++r) {
        const auto& row = sheet.rows.rows[r];
        for (int w = 0; w < static_cast<int>(row.words.size()); ++w) {
            const auto begin = follower.follow(r, w, 2);
            if (begin.size() < 2 || begin[0].row != r || begin[0].word != w) continue;
            const int length = iban_length(std::string{begin[0].c, begin[1].c});
            if (length == 0) continue;
            const auto letters = follower.follow(r, w, static_cast<std::size_t>(length));
            if (letters.size() != static_cast<std::size_t>(length)) continue;
            std::string iban;
            for (const auto& letter : letters) iban += letter.c;
            const int corrected = correct(iban);
            const auto parsed = parse_iban(iban);
            if (!parsed) continue;
            const auto& first = row.words[static_cast<std::size_t>(w)];
            Finding finding;
            finding.labelled = has_label(sheet, r, w, first.box);
            if (parsed->status == FieldStatus::Invalid && !finding.labelled) continue;
            finding.field = "iban";
            finding.value = parsed->value;
            finding.check = parsed->status;
            finding.corrected = corrected;
            finding.weakest = 1;
            finding.page = sheet.rows.source;
            finding.box = first.box;
            for (const auto& letter : letters) {
                const auto& word = sheet.rows.rows[letter.row].words[static_cast<std::size_t>(letter.word)];
                finding.confidence += word.confidence / static_cast<double>(letters.size());
                finding.weakest = std::min(finding.weakest, word.confidence);
                // The box keeps to the first row: a box over two rows would cover what stands between.
                if (letter.row == r) finding.box = around(finding.box, word.box);
            }
            finding.party = party_at(sheet.labels, sheet.rows, static_cast<int>(r), first.box);
            findings.push_back(std::move(finding));
        }
    }
}

}  // namespace pleiade::reader::fields
