// Compares what was read and decided with the generator's truth, pli by pli: lines of the contract, as `pleiade read
// --json` prints them, and truths of the same form. The figures that reading is held to are counted here, and nowhere
// else. Pure.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pleiade::cli {

struct Accuracy {
    int plis = 0;
    int plis_absent = 0;  // in the truth and not in the reading
    int masters = 0, masters_typed_right = 0, masters_auto = 0;
    int masters_untouched = 0;  // auto, and nothing to key
    int documents = 0, documents_with_right_pages = 0;
    int documents_auto = 0, auto_misrouted = 0;  // wrong processed_by, service, pages or copy
    int priorities_wrong = 0;                    // among those
    int pages = 0, pages_lost = 0, pages_twice = 0, pages_of_wrong_kind = 0, rotations_wrong = 0;
    struct Field {
        int drawn = 0, right_valid = 0, wrong_valid = 0, right_other = 0;
    };
    std::map<std::string, Field> fields;
    // The insured's number on masters, by how it was written: drawn, and read as valid.
    std::pair<int, int> nir_printed{}, nir_in_boxes{}, nir_on_a_line{};  // the last two by hand
    std::map<std::string, std::pair<int, int>> by_type;                  // type -> drawn, typed right
    std::map<std::pair<std::string, std::string>, int> confusions;       // drawn, read
    std::vector<std::string> misroutes;                                  // one line each, for a person
    std::vector<std::string> wrong_fields;                               // lot/pli/document and field name, no value
    double cpu_ms = 0;

    struct TypeScore {
        std::string type;
        int drawn = 0, right = 0, wrong = 0;  // wrong: masters of other types read as this one
        double f1() const { return drawn + right + wrong == 0 ? 0 : 2.0 * right / (drawn + right + wrong); }
    };
    std::vector<TypeScore> type_scores() const;  // of the types drawn, the worst first
    // Mean over the types drawn of the harmonic mean of precision and recall, masters only.
    double macro_f1() const;

    void add(const boost::json::object& truth, const boost::json::object* read);
    int wrong_valid() const;

  private:
    void count_pages(const boost::json::object& truth, const boost::json::object& read);
    void count_masters(const boost::json::object& truth, const boost::json::object& read);
    void count_recipients(const boost::json::object& truth, const boost::json::object& read, const std::string& where);
    void count_fields(const boost::json::object& truth, const boost::json::object& read, const std::string& where);
    void count_nir(const boost::json::object& drawn, const boost::json::object& read);
};

// One line of the table: what was reached beside what is asked.
struct Figure {
    std::string name, value, asked;
    bool holds = false;
};
// What the natural mix is asked; of a stratified set, macro-F1 is judged instead of the shares.
std::vector<Figure> figures_of(const Accuracy& found, bool stratified);

// By type, by field, and each mistake by its place in the mail (never a value).
void print_details(const Accuracy& found);
// The same figures, for programs.
boost::json::object json_of(const Accuracy& found, bool stratified);

}  // namespace pleiade::cli
