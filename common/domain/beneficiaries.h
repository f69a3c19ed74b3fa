// The people whom the caisses of a platform insure, as their own register gives them: what a number read on a document
// is compared with, and where a person's affiliation is known for certain.
//
// It proves what the paper shows and never adds to it: a value that nothing on the document supports is not taken from
// here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/reading.h"

namespace pleiade {

struct Beneficiary {
    std::string last_name, first_name;  // as folded() gives them
    Date birth_date;                    // YYYY-MM-DD; empty when not known
    Caisse caisse;                      // of affiliation
};

// Thread-safe. What cannot be looked up (no register, a register being replaced) is found nowhere.
class Beneficiaries {
  public:
    virtual ~Beneficiaries() = default;

    // Whether there is a register at all.
    virtual bool available() const = 0;
    // Everybody under that number: its 13 first characters, exactly. A child is under its parent's.
    virtual std::vector<Beneficiary> with_number(std::string_view nir) const = 0;
    // Those born on that day whose two names resemble these.
    virtual std::vector<Beneficiary> named(std::string_view last_name, std::string_view first_name,
                                           const Date& birth_date) const = 0;
};

// The name that was read is that one but for a letter or two misread: none in a name of up to three letters, one in up
// to seven, else two. Accents, case, dashes and apostrophes do not count. Both names are given as written.
bool names_resemble(std::string_view read, std::string_view known);

}  // namespace pleiade
