// Draws one template for one dossier: each verb of the template is one movement of the pen.
// Operation: the constructor takes the first sheet, paint() draws all and hands the pages over as they are finished.
// Concurrency: one thread. Limits: forms do not flow onto a next page by themselves, letters do.
#pragma once

#include "tests/mail/form_style.h"
#include "tests/mail/marks.h"
#include "tests/mail/page.h"
#include "tests/mail/template.h"

namespace pleiade::mail {

struct PaintOptions {
    std::vector<int> volets = {};      // only these pages of a form with volets; empty: all
    std::vector<double> stretch = {};  // millimetres added under each row of each page, so that a form fills its sheet
    double letters = 1;                // size of the printed letters against the form's own
    int edition = 1;                   // print run of a form: what its printer chose is the same on all its sheets
    bool blank = false;                // a sheet nobody has filled in yet
};

// Print runs of each form that are in use, the commonest first.
inline constexpr int kEditions = 3;
int pick_edition(Rng& rng);

// Whether the template is a printed form whose blank sheet is the same for everybody.
bool is_printed_form(const Template& form);

class Painter {
  public:
    Painter(const Template& form, const Dossier& dossier, const Desk& desk, Rng rng, PaintOptions options = {});
    void paint();
    // Paints, and tells the room left under each row of each page: for a rehearsal on a scratch desk.
    std::vector<double> measure();

  private:
    struct Item {
        std::string kind, value;
        Rich label;
        double weight = 0;  // 0: the kind's own
        bool only_if_other = false, optional = false;
    };

    void run(const TemplateLine& line);
    void open_page(const std::string& rest);
    void close_page();
    Canvas& canvas() { return *page_.canvas; }
    double right() const { return left_ + width_; }
    TextStyle label(double scale = 1, bool bold = false, bool italic = false) const;
    void collect(Written written);
    // What people and their machines write.
    Rich rich(std::string_view pattern) { return fill_in(pattern, dossier_, rng_); }
    // What the printer printed.
    Rich printed(std::string_view pattern) { return fill_in(pattern, dossier_, print_); }
    // Printed text, wrapped, a lone "/" breaking the line. `align`: -1 left, 0 centred, 1 right. Returns the y below
    // it.
    double block(const Rich& text, double x, double y, double width, const TextStyle& style, int align = -1);
    double block(const std::string& text, double x, double y, double width, const TextStyle& style, int align = -1) {
        return block(Rich{text, {}}, x, y, width, style, align);
    }

    // forms (painter_form.cpp)
    void cerfa(const std::string& number);
    void title(const std::string& text);
    void sub(const std::string& text);
    void corner(const std::string& text);
    void section(const std::string& text);
    void row(const std::string& text);
    void area(const std::string& text);
    void table(const std::string& text);
    void table_row(const std::string& text);
    void legal(const std::string& text);
    std::vector<Item> items_of(const std::string& text);
    double natural_weight(const Item& item);
    std::vector<int> printed_groups(const Item& item);
    double item(const Item& item, double x, double y, double width);
    std::size_t as_the_dossier_says(const std::vector<std::pair<std::string, std::string>>& answers,
                                    std::size_t otherwise) const;
    double tick_item(const Item& item, double x, double y, double width);
    double comb_item(const Item& item, double x, double y, double width);
    double line_item(const Item& item, double x, double y, double width);
    Rich item_value(const Item& item);

    // letters and free papers (painter_letter.cpp)
    void sender(const std::string& text);
    void addressee(const std::string& text);
    void say(const std::string& text, bool bold, double indent = 0);
    void signed_by(const std::string& text);
    void letterhead(const std::string& text);
    void lines_block(const std::string& text, double x, double width, bool bold_first);
    void ruled_paper();

    // pictures (painter_art.cpp)
    void art(const std::string& text);

    const Template& form_;
    const Dossier& dossier_;
    const Desk& desk_;
    Rng rng_;      // of the sheet: values, ink, hand
    Rng edition_;  // of the print run; of the sheet itself where nothing is pre-printed
    Rng print_;    // of the page in hand in that print run
    PaintOptions options_;
    FormStyle style_;
    Ink ink_;
    PageDraft page_;
    std::string wording_;
    std::vector<double> ends_;
    std::size_t page_number_ = 0;     // among the sheets that are drawn
    std::uint64_t page_of_form_ = 0;  // among all pages of the template
    int rows_ = 0;
    double stretch_ = 0;
    bool skipping_ = false;  // this volet was not sent
    double left_ = 11, width_ = 188, y_ = 10, top_ = 10, bottom_ = 284;
    double legal_top_ = 288;  // what is pinned to the bottom of the page begins here
    std::vector<double> columns_;
    std::vector<int> column_align_;
    bool sender_right_ = false, flowing_ = false;
};

// Rehearses on scratch paper, then paints for good with the rows spread over the sheet.
void paint_spread(const Template& form, const Dossier& dossier, const Desk& desk, const Rng& rng, PaintOptions options);

// One of the wordings of a template, with the lines around it.
struct ChosenWording {
    std::string name;  // its number among them, from 1: "7"; "7.2" where the template leaves two choices; empty: none
    std::vector<TemplateLine> lines;
};
ChosenWording choose_wording(const std::vector<TemplateLine>& lines, Rng& rng);

}  // namespace pleiade::mail
