#include "services/reader/forms/tick_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/base/csv.h"
#include "services/reader/fold.h"
#include "services/reader/forms/tick_rows.h"

namespace pleiade::reader::forms {
namespace {

// Millimetres.
constexpr double kQuestion = 110;      // how far before its first answer a question begins
constexpr double kLineAbove = 7.5;     // a question on a line of its own
constexpr double kQuestionAbove = 80;  // how far that line goes on beyond its first answer

constexpr std::size_t kScrap = 3;       // letters: what OCR leaves of a word that it lost
constexpr std::size_t kAloneWords = 4;  // that say by themselves what their box asks
constexpr std::size_t kAloneBoxes = 3;  // of a list: with fewer, such words may be the question before «oui, non»

bool begins_with(const std::string& text, const std::string& words) {
    return text.starts_with(words) && (text.size() == words.size() || text[words.size()] == ' ');
}
bool ends_with(const std::string& text, const std::string& words) {
    return text.ends_with(words) && (text.size() == words.size() || text[text.size() - words.size() - 1] == ' ');
}

std::string letters_of(std::string words) {
    std::erase(words, ' ');
    return words;
}

// The row of the table that a box bears the words of, or nothing.
struct Answer {
    std::size_t box = 0;  // in its row
    const TickWords::Row* said = nullptr;
};

// The boxes of one row of a blank.
class Boxes {
  public:
    Boxes(const TickRow& row, WordSide side, double page_width, const std::vector<PrintedWord>& words,
          const TickWords& table)
        : row_(row), side_(side), page_width_(page_width), words_(words), table_(table) {}

    // Question -> what its boxes answer.
    std::map<std::string, std::vector<Answer>> answers() const {
        std::map<std::string, std::vector<Answer>> found;
        for (std::size_t i = 0; i < row_.boxes.size(); ++i) {
            if (const auto* said = said_by(i)) found[said->question].push_back({i, said});
        }
        for (auto& [question, answers] : found) complete(answers);
        std::erase_if(found, [&](const auto& one) { return !is_plain(one.second); });
        return found;
    }

  private:
    std::string beside(std::size_t i) const {
        const auto& box = row_.boxes[i]->box;
        if (side_ == WordSide::Behind) {
            return row_.text_between(box.br().x, i + 1 == row_.boxes.size() ? page_width_ : row_.boxes[i + 1]->box.x);
        }
        return row_.text_between(i == 0 ? box.x - kQuestion : row_.boxes[i - 1]->box.br().x, box.x);
    }

    // What is printed before a box: on its row, or above it where its row holds nothing but answers.
    std::string question_before(std::size_t i) const {
        const double x = row_.boxes[i]->box.x;
        const auto here = row_.text_between(x - kQuestion, x);
        const auto own = split(here, ' ');
        if (std::any_of(own.begin(), own.end(), [&](const auto& word) { return !word.empty() && !is_answer(word); }))
            return here;
        std::string above;
        for (const auto& word : words_) {
            const double over = row_.boxes.front()->box.y - (word.box.y + word.box.height / 2);
            if (over > 0.5 && over < kLineAbove && word.box.x < x + kQuestionAbove) above += ' ' + word.text;
        }
        return plain_words(above);
    }

    bool is_answer(const std::string& word) const {
        return std::any_of(table_.rows().begin(), table_.rows().end(), [&](const TickWords::Row& row) {
            return std::find(row.printed.begin(), row.printed.end(), word) != row.printed.end();
        });
    }

    // Where the nearest of the phrases that ask for that row's answer ends in the question, letters counted; nothing:
    // it is not asked. OCR of small print joins words ("par untiers"), so that only their letters are compared.
    static std::optional<std::size_t> asked_at(const TickWords::Row& row, const std::string& question) {
        if (row.about.empty()) return 0;
        const auto asked = letters_of(question);
        std::optional<std::size_t> nearest;
        for (const auto& words : row.about) {
            const auto letters = letters_of(words);
            const auto at = asked.rfind(letters);
            if (at != std::string::npos) nearest = std::max(nearest.value_or(0), at + letters.size());
        }
        return nearest;
    }

    static bool says_all(const std::string& words) {
        return static_cast<std::size_t>(std::count(words.begin(), words.end(), ' ')) + 1 >= kAloneWords;
    }

    // The longest words win, then the question that stands nearest.
    const TickWords::Row* said_by(std::size_t i) const {
        const auto text = beside(i), question = question_before(i);
        const TickWords::Row* best = nullptr;
        std::pair<std::size_t, std::size_t> most{0, 0};
        for (const auto& row : table_.rows()) {
            const auto asked = asked_at(row, question);
            if (!asked) continue;
            for (const auto& words : row.printed) {
                if (!(side_ == WordSide::Behind ? begins_with(text, words) : ends_with(text, words))) continue;
                if (says_all(words) && side_ == WordSide::Before && row_.boxes.size() < kAloneBoxes) continue;
                if (best != nullptr && std::pair{words.size(), *asked} <= most) continue;
                most = {words.size(), *asked};
                best = &row;
            }
        }
        return best;
    }

    // Of «oui» and «non» OCR read one: the box beside it whose word it lost is the other.
    void complete(std::vector<Answer>& answers) const {
        if (answers.size() != 1 || answers.front().said->about.empty()) return;
        const auto& known = answers.front();
        const TickWords::Row* other = nullptr;
        for (const auto& row : table_.rows()) {
            if (row.question != known.said->question || row.about.empty() || row.answer == known.said->answer) continue;
            if (other != nullptr) return;  // three answers: which one was lost?
            other = &row;
        }
        if (other == nullptr) return;
        std::vector<std::size_t> lost;
        for (const auto i : {known.box - 1, known.box + 1}) {
            if (i >= row_.boxes.size() || said_by(i) != nullptr || !asked_at(*other, question_before(i))) continue;
            const auto text = beside(i);
            const bool asks = std::any_of(other->about.begin(), other->about.end(),
                                          [&](const auto& words) { return ends_with(text, words); });
            if (text.size() <= kScrap || asks) lost.push_back(i);
        }
        if (lost.size() == 1) answers.push_back({lost.front(), other});
    }

    // One box is a question by itself when its own words or those before it ask for it; words that other questions use
    // too ("initial", "maladie") need another answer beside them.
    static bool is_plain(const std::vector<Answer>& answers) {
        std::set<std::string> said;
        bool asked = true;
        for (const auto& answer : answers) {
            said.insert(answer.said->answer);
            const auto& printed = answer.said->printed;
            asked = asked && (!answer.said->about.empty() || std::all_of(printed.begin(), printed.end(), says_all));
        }
        return said.size() > 1 || asked;
    }

    const TickRow& row_;
    WordSide side_;
    double page_width_;
    const std::vector<PrintedWord>& words_;
    const TickWords& table_;
};

}  // namespace

Result<TickWords> TickWords::parse(std::string_view csv, const std::string& file_name) {
    const auto table = CsvTable::parse(file_name, csv, {"question", "answer", "about", "printed"});
    if (!table) return pass_on(table);
    TickWords words;
    for (const auto& cells : (*table)->rows()) {
        Row row{cells["question"], cells["answer"], {}, {}};
        for (const auto* column : {"question", "answer", "printed"}) {
            if (cells[column].empty()) return (*table)->error_at(cells.at(column), "the row needs it");
        }
        for (const auto& phrase : cells.list("about")) row.about.push_back(plain_words(phrase));
        for (const auto& phrase : cells.list("printed")) row.printed.push_back(plain_words(phrase));
        words.rows_.push_back(std::move(row));
    }
    return words;
}

void name_ticks(Form& form, const std::vector<PrintedWord>& words, const TickWords& table) {
    const auto rows = tick_rows(form, words);
    const auto side = side_of_words(rows);
    if (side == WordSide::Unsure) return;
    std::set<std::string> taken;
    std::map<std::string, int> times;
    for (const auto& zone : form.zones) taken.insert(zone.name);
    for (const auto& row : rows) {
        for (const auto& [question, answers] : Boxes(row, side, form.size.width, words, table).answers()) {
            const int time = ++times[question];
            const auto group = time == 1 ? question : fmt::format("{}_{}", question, time);
            for (const auto& answer : answers) {
                auto& zone = *row.boxes[answer.box];
                const auto name = fmt::format("{}_{}", question, answer.said->answer);
                zone.name = name;
                for (int next = 2; taken.contains(zone.name); ++next) zone.name = fmt::format("{}_{}", name, next);
                taken.insert(zone.name);
                zone.group = group;
            }
        }
    }
}

}  // namespace pleiade::reader::forms
