// Invented people, practitioners, employers, establishments: nobody real, every number valid by its check rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/mail/calendar.h"
#include "tests/mail/random.h"

namespace pleiade::mail {

struct Address {
    std::string street;
    std::string postal_code;
    std::string town;
};

struct Person {
    bool woman = false;
    std::string last, first;
    Day birth;
    std::string birth_town;
    std::string nir;  // 15 digits; empty for a child that has none yet
    Address address;
    std::string phone, email;
};

struct Practitioner {
    std::string last, first, specialty;
    std::string rpps, am_number;
    Address address;
    std::string phone;
};

struct Employer {
    std::string name, siret;
    Address address;
    std::string phone;
};

struct Establishment {
    std::string name, finess;
    Address address;
    std::string phone;
};

struct Account {
    std::string bank, iban, bic;
};

// `department`: two digits, where the caisse is; the communes are invented but their codes begin with it.
Address make_address(Rng& rng, const std::string& department);
Person make_adult(Rng& rng, const std::string& department, Day today);
Person make_child(Rng& rng, const Person& parent, Day today);
Person make_spouse(Rng& rng, const Person& insured, Day today);
Practitioner make_practitioner(Rng& rng, const std::string& department, const std::string& specialty);
Employer make_employer(Rng& rng, const std::string& department);
Establishment make_establishment(Rng& rng, const std::string& department, const std::string& kind);
Account make_account(Rng& rng);

std::string upper(std::string_view text);     // É stays É
std::string unaccent(std::string_view text);  // é becomes e: for fonts without accents and for MRZ

}  // namespace pleiade::mail
