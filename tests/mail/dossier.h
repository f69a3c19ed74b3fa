// One pli's story: who is insured, who is cared for, by whom, when. Templates quote it through {placeholders}; each
// placeholder knows which field of the contract it is, so that drawing a value and recording it as truth are one act.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/mail/fonts.h"
#include "tests/mail/people.h"

namespace pleiade::mail {

// Text to be drawn, with the stretches that are fields. Field names are those of the contract; "i." and "p." before
// last_name, first_name, birth_date and postal_code tell the insured from the person cared for until the document is
// whole (the contract wants the beneficiary's when one is named).
struct Rich {
    struct Mark {
        std::size_t from = 0, to = 0;  // bytes
        std::string field, value;
    };
    std::string text;
    std::vector<Mark> marks;
};

struct Dossier {
    Half half = Half::Train;
    Day received;
    std::string addressed;    // caisse on the envelope
    std::string affiliation;  // caisse printed as code organisme
    std::string caisse_label, department;
    Person insured;
    std::optional<Person> beneficiary;  // somebody else than the insured
    Person spouse, child;               // quoted by some forms
    Practitioner doctor, auxiliary, dentist;
    Employer employer;
    Establishment hospital, laboratory, pharmacy;
    Account account;
    Day document_date, care_date, accident_date, period_from, period_to;
    std::map<std::string, std::string> ticks;  // what boxes to tick ask -> its answer

    const Person& cared_for() const { return beneficiary ? *beneficiary : insured; }
};

Dossier make_dossier(Rng& rng, Half half, Day received, const std::string& addressed, const std::string& affiliation,
                     const std::string& affiliation_label);

// Replaces {name} by the dossier's value and [[a||b||c]] by one of the choices. An unknown placeholder stops the
// process: a template that asks for it cannot be right.
Rich fill_in(std::string_view pattern, const Dossier& dossier, Rng& rng);

// Only the choices that hold a line break, " / ", which must be made before the lines are parted.
std::string choose_lines(std::string_view pattern, Rng& rng);

}  // namespace pleiade::mail
