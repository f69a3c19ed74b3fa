// What speaks for or against a type: rows of deploy/config/typage.csv, and what was found of them on a page.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/reader/approximate.h"

namespace pleiade::reader {

enum class EvidenceKind {
    Cerfa,      // number of the form itself
    Notice,     // number (#) of a notice, with the type of the form that it accompanies
    SRef,       // S-reference of the form itself
    Title,      // phrase that titles the document; the higher and larger, the stronger
    Text,       // phrase anywhere
    Object,     // what a letter says that it is about: its object line, or its body at half weight
    Addressee,  // phrase in the upper half, outside the running text
    Sender,     // letterhead or signature: phrase in the first fifth or the last quarter
    Mark,       // a sign that is computed: mrz, iban, letter...
    Code,       // beginning of a barcode's text
    TwoDDoc,    // kind of document that a 2D-Doc code names
    Form,       // the page bears a registered form; never a row of the table
    Wording,    // what the letter model makes of its words; never a row of the table
};

// One row. `alternatives`: any of them; each is one or several phrases that must all be there.
struct Evidence {
    std::string type;  // a code of the nomenclature, or UNKNOWN
    EvidenceKind kind = EvidenceKind::Text;
    double weight = 0;  // log-odds; negative speaks against
    struct Alternative {
        std::vector<Phrase> phrases;  // for kinds that read text
        std::string written;          // as the table writes it: shown to people, and compared for the other kinds
    };
    std::vector<Alternative> alternatives;
    int line = 0;
};

// Immutable once parsed, so any thread may read it.
class EvidenceTable {
  public:
    // Columns: type;kind;weight;patterns. `|` between alternatives, ` + ` between phrases that must stand together.
    // The numbers and references of the nomenclature need no row. Errors: CONFIG_INVALID with file, line, column.
    static Result<EvidenceTable> parse(std::string_view csv, const std::string& file_name,
                                       const Nomenclature& nomenclature, double cerfa_weight, double s_ref_weight);

    const std::vector<Evidence>& rows() const { return rows_; }
    // A word of the table's own phrases. OCR seldom turns a word into another word that we use: where "date de
    // naissance" stands, "acte de naissance" was not meant.
    bool is_word(std::string_view folded) const { return words_.contains(folded); }
    // Whether that computed sign speaks for that type.
    bool marks(std::string_view sign, std::string_view type) const;

  private:
    std::vector<Evidence> rows_;
    std::set<std::string, std::less<>> words_;
};

// One piece of evidence that was found.
struct Hit {
    std::string type;
    std::string key;    // same key = same evidence, counted once in a document
    double weight = 0;  // of its row, as its place lets it count
    std::string reason;
    int page = 0;
    Box box;  // upright pixels of its page
    EvidenceKind kind = EvidenceKind::Text;
    bool title = false;      // a title stands where a document begins
    bool reference = false;  // a Cerfa number or S-reference of the document itself
    bool at_head = false;    // it stands where a document says what it is and from whom
};

}  // namespace pleiade::reader
