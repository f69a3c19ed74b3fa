#include <algorithm>
#include <array>

#include "services/reader/fields/date_spots.h"
#include "services/reader/fields/finding.h"

namespace pleiade::reader::fields {
namespace {

const std::vector<Label> kDateLabels = {Label::BirthDate,  Label::DocumentDate, Label::AccidentDate, Label::Period,
                                        Label::PeriodFrom, Label::PeriodTo,     Label::Date};

constexpr std::size_t kHeadingWordsMax = 3;
constexpr int kMarginTextHeights = 4;  // an unread «Né(e)» before «le» is about as wide

const Word* word_before(const PageRows& page, const Spot& spot, int back) {
    const int at = spot.first_word - back;
    if (at < 0) return nullptr;
    return &page.rows[static_cast<std::size_t>(spot.row)].words[static_cast<std::size_t>(at)];
}

bool preceded_by(const PageRows& page, const Spot& spot, std::string_view plain, int back = 1) {
    const auto* word = word_before(page, spot, back);
    return word != nullptr && word->plain == plain;
}

class PageDates {
  public:
    PageDates(const Sheet& sheet, const FieldHints& hints, std::vector<DateSpot> dates)
        : sheet_(sheet), hints_(hints), dates_(std::move(dates)), field_of_(dates_.size()) {
        std::vector<Spot> spots;
        for (const auto& date : dates_) spots.push_back(date.spot);
        label_of_ = claim(sheet.rows, sheet.labels, kDateLabels, spots);
    }

    void add_to(Findings& findings) {
        periods();
        for (std::size_t i = 0; i < dates_.size(); ++i) {
            if (field_of_[i].empty()) field_of_[i] = single(i);
            if (field_of_[i].empty()) continue;
            const auto& date = dates_[i];
            Finding finding;
            finding.field = field_of_[i];
            finding.value = to_iso(date.date);
            finding.party = party_of(sheet_, label_of_[i], date.spot.row, date.spot.box);
            finding.labelled = true;
            finding.incomplete = !date.whole;
            finding.corrected = date.corrected;
            finding.confidence = date.confidence;
            finding.weakest = date.weakest;
            finding.decoded = date.decoded;
            finding.page = sheet_.rows.source;
            finding.box = date.spot.box;
            findings.push_back(std::move(finding));
        }
    }

  private:
    Label label(std::size_t i) const {
        return label_of_[i] < 0 ? Label::Other : sheet_.labels.labels[static_cast<std::size_t>(label_of_[i])].label;
    }

    // «du ... au ...», one after the other on a row or over its end.
    void periods() {
        for (std::size_t i = 0; i + 1 < dates_.size(); ++i) {
            const auto& from = dates_[i];
            const auto& to = dates_[i + 1];
            if (to.spot.row - from.spot.row > 1 || to.date < from.date) continue;
            const bool begins =
                preceded_by(sheet_.rows, from.spot, "du") || label(i) == Label::Period || label(i) == Label::PeriodFrom;
            const bool ends = preceded_by(sheet_.rows, to.spot, "au") || label(i + 1) == Label::PeriodTo ||
                              preceded_by(sheet_.rows, to.spot, "jusqu'au");
            if (!begins || !ends || !period_is_ours(i)) continue;
            field_of_[i] = "period_from";
            field_of_[i + 1] = "period_to";
        }
    }

    // «du ... au ...» may also be a stay, a contract, a season: it counts where the type has a period, or where its
    // label says so.
    bool period_is_ours(std::size_t i) const {
        if (label(i) == Label::Period || label(i) == Label::PeriodFrom) return true;
        return requires_field("period_from");
    }

    bool requires_field(std::string_view name) const {
        return hints_.type != nullptr && std::find(hints_.type->required.begin(), hints_.type->required.end(), name) !=
                                             hints_.type->required.end();
    }

    std::string single(std::size_t i) const {
        switch (label(i)) {
            case Label::BirthDate:
                return "birth_date";
            case Label::AccidentDate:
                return "accident_date";
            case Label::DocumentDate:
                return "document_date";
            case Label::Date:
                return bare_date(i);
            case Label::PeriodFrom:
                return "period_from";
            case Label::PeriodTo:
                return "period_to";
            default:
                return !dates_[i].boxed && heads_a_letter(dates_[i].spot) ? "document_date" : "";
        }
    }

    // «date» heads the columns of tables too: what is written below it, without boxes, is a line of the table.
    std::string bare_date(std::size_t i) const {
        const auto& label = sheet_.labels.labels[static_cast<std::size_t>(label_of_[i])];
        if (label.row != dates_[i].spot.row && !dates_[i].boxed) return "";
        if (goes_on(label) || under_an_event(label) || follows_a_name(label)) return "";
        const Party party = party_at(sheet_.labels, sheet_.rows, label.row, label.box);
        return party == Party::Accident ? "accident_date" : "document_date";
    }

    // «date de la première constatation»: of something that has its own word, or that we have no word for.
    bool goes_on(const LabelHit& label) const {
        const auto& row = sheet_.rows.rows[static_cast<std::size_t>(label.row)];
        const auto next = static_cast<std::size_t>(label.last_word) + 1;
        if (next >= row.words.size()) return false;
        const auto& word = row.words[next];
        if (word.box.x - right_of(label.box) > sheet_.rows.text_height) return false;
        return std::any_of(word.plain.begin(), word.plain.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
               word.plain != "le";
    }

    // «NAISSANCE», and below it «Date : ...».
    bool under_an_event(const LabelHit& label) const {
        if (label.row == 0) return false;
        const auto& above = sheet_.rows.rows[static_cast<std::size_t>(label.row) - 1].words;
        return above.size() <= kHeadingWordsMax && std::any_of(above.begin(), above.end(), is_event);
    }

    // «NOM : ...», «Prénom : ...», «Date : ...», each at the beginning of its row: as likely the birth as the
    // signature.
    bool follows_a_name(const LabelHit& date) const {
        const auto& labels = sheet_.labels.labels;
        return std::any_of(labels.begin(), labels.end(), [&](const LabelHit& label) {
            const bool name =
                label.label == Label::LastName || label.label == Label::FirstName || label.label == Label::FullName;
            return name && label.row == date.row - 1 && label.first_word == 0 &&
                   std::abs(label.box.x - date.box.x) <= kMarginTextHeights * sheet_.rows.text_height;
        });
    }

    // «Douai, le 12 mars 2026» at the end of its row, or «le 12 mars 2026» alone on it; not the day on which something
    // happened, in a sentence that was broken there.
    bool heads_a_letter(const Spot& spot) const {
        const auto& row = sheet_.rows.rows[static_cast<std::size_t>(spot.row)];
        if (spot.last_word + 1 != static_cast<int>(row.words.size())) return false;
        if (!preceded_by(sheet_.rows, spot, "le")) return false;
        const auto* town = word_before(sheet_.rows, spot, 2);
        if (town != nullptr && !town->text.ends_with(",")) return false;
        return !tells_an_event(spot) && !in_a_list_of_labels(row.words.front(), spot.row);
    }

    // Between «Nom :» and «Prénom :», which begin where it begins, a line has a label of its own that was not read.
    bool in_a_list_of_labels(const Word& first, int row) const {
        const auto& labels = sheet_.labels.labels;
        return std::any_of(labels.begin(), labels.end(), [&](const LabelHit& label) {
            return std::abs(label.row - row) == 1 && label.first_word == 0 &&
                   std::abs(label.box.x - first.box.x) <= kMarginTextHeights * sheet_.rows.text_height;
        });
    }

    // «née à Douai, le 12 mars 2019», «le 12 mars 2019 / est né(e)»: said of a person, before the date or after it.
    bool tells_an_event(const Spot& spot) const {
        const auto& rows = sheet_.rows.rows;
        const auto at = static_cast<std::size_t>(spot.row);
        for (int back = 1; word_before(sheet_.rows, spot, back) != nullptr; ++back) {
            if (is_event(*word_before(sheet_.rows, spot, back))) return true;
        }
        if (at > 0 && !rows[at - 1].words.empty() && is_event(rows[at - 1].words.back())) return true;
        if (at + 1 >= rows.size() || rows[at + 1].words.size() < 2) return false;
        const auto& first = rows[at + 1].words[0].plain;
        const bool verb = first == "est" || first == "sont" || first == "ont" || first == "naquit" || first == "a";
        return is_event(rows[at + 1].words[0]) || (verb && is_event(rows[at + 1].words[1]));
    }

    static bool is_event(const Word& word) {
        std::string letters;
        for (const char c : word.plain) {
            if (c >= 'a' && c <= 'z') letters += c;
        }
        static constexpr std::array<std::string_view, 16> kEvents = {
            "ne",    "nee",     "nes",    "nees",  "naissance", "naquit",    "decede", "decedee",
            "deces", "mariage", "maries", "marie", "mariee",    "contracte", "epouse", "comparu"};
        return std::find(kEvents.begin(), kEvents.end(), letters) != kEvents.end();
    }

    const Sheet& sheet_;
    const FieldHints& hints_;
    std::vector<DateSpot> dates_;
    std::vector<int> label_of_;
    std::vector<std::string> field_of_;
};

}  // namespace

void find_dates(const Sheet& sheet, const FieldHints& hints, Findings& findings) {
    // Nothing that is written was written after the letter came; only an arrêt ends later.
    const auto received = civil_date_of(hints.received_on);
    const auto latest = plus_months(received.value_or(CivilDate{2100, 1, 1}), 36);
    PageDates(sheet, hints, date_spots(sheet.rows, sheet.runs, received ? *received : latest)).add_to(findings);
}

}  // namespace pleiade::reader::fields
