// Which boxes of a blank answer the questions of deploy/config/tick_words.csv: proposed when a form is registered,
// written into its file, corrected by hand like everything there; and on pages of forms that nobody registered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

// Immutable once parsed.
class TickWords {
  public:
    // Columns: question;answer;about;printed, `|` inside the last two. Errors: CONFIG_INVALID with file, line, column.
    static Result<TickWords> parse(std::string_view csv, const std::string& file_name);

    struct Row {
        std::string question, answer;
        std::vector<std::string> about, printed;  // folded
    };
    const std::vector<Row>& rows() const { return rows_; }

  private:
    std::vector<Row> rows_;
};

// Gives the boxes of `form` that answer a question its group and their name. Words stand before their boxes or behind
// them, never both on one page: where that cannot be told, or where a question has but one of several answers, nothing
// is named. Pure.
void name_ticks(Form& form, const std::vector<PrintedWord>& words, const TickWords& table);

}  // namespace pleiade::reader::forms
