// NIR, the "numéro de sécurité sociale", and the two numbers that stand in its place on paper: the provisional NNP and
// the MIG of a migrant de passage. Rules: Cnam's published validation (DOMAIN.md, 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

enum class PersonNumberKind {
    Nir,          // first digit 1 or 2
    Provisional,  // NNP, 7 or 8; ended in 2022, still on old paper
    Migrant,      // MIG, 5 or 6
};

struct PersonNumber {
    PersonNumberKind kind = PersonNumberKind::Nir;
    std::string value;  // 15 characters, 13 when no key was written; 2A and 2B kept
    FieldStatus status = FieldStatus::Unchecked;
    bool operator==(const PersonNumber&) const = default;
};

// Any of the three; spaces, dots, dashes and lower case are accepted.
std::optional<PersonNumber> parse_person_number(std::string_view text);

// A NIR and nothing else. 13 characters are `Unchecked`: the key is often left out by hand.
std::optional<Parsed> parse_nir(std::string_view text);

// The two digits of the key for 13 characters of a NIR: 97 - (N mod 97), 2A counting as 19 and 2B as 18.
// Empty when these are not 13 characters of that form.
std::string nir_key(std::string_view first_thirteen);

// What the digits of a NIR say of its owner's birth. All of it is a hint: the NIR of an adopted child or of a person
// born abroad keeps what it had.
struct NirBirth {
    int sex_digit = 0;         // 1 or 2: compare it, never infer a civility from it
    int year_in_century = 0;   // 0 to 99
    std::optional<int> month;  // none when coded 20 and above (not known)
    std::string department;    // "59", "2A", "97", "99"...
};
std::optional<NirBirth> nir_birth(std::string_view nir);

// The year, and the month when it is known, are those of the birth date.
bool nir_agrees_with_birth(std::string_view nir, const Date& birth);

// The caisse inside an NNP or MIG (digits 3 to 5), empty for a NIR.
Caisse caisse_of(const PersonNumber& number);

}  // namespace pleiade
