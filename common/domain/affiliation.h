// Which caisse a document belongs to: the organisme code printed on it, else that of the insured in the register of
// beneficiaries (by number, else by both names and the birth date), else the caisse that a provisional number carries,
// else the caisse it was addressed to. A closed caisse gives way to its successor.
//
// A code that is not certain confirms the addressed caisse when it says the same, and is a question otherwise, unless
// the register knows the person. What the register contradicts is a question. With a register, a number that is
// written and was not read is one too: its owner may belong elsewhere.
//
// Limits: a NIR says where a person was born, never where she is affiliated, so only the numbers issued by a caisse
// (NNP, first digit 7 or 8; MIG, 5 or 6) are looked at, and only when their own check passed. Such a number names the
// caisse that issued it, perhaps years ago: when it disagrees with the address it is a proposal, not a certainty.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/beneficiaries.h"
#include "common/domain/organismes.h"
#include "common/domain/pli.h"
#include "common/domain/reading.h"

namespace pleiade {

inline constexpr std::string_view kFromOrganismeCode = "organisme code";
inline constexpr std::string_view kFromNumber = "NIR";
inline constexpr std::string_view kFromIdentity = "name and birth date";
inline constexpr std::string_view kFromAddressed = "addressed";

struct AffiliationFinding {
    Affiliation affiliation;               // an open caisse, or as it was given when nobody knows it
    const Organisme* organisme = nullptr;  // nullptr when the caisse is unknown
    bool certain = false;                  // false: a person looks first
    std::vector<std::string> reasons;      // in French
};

// `register_of`: nullptr when the installation has none.
AffiliationFinding find_affiliation(const PliContext& context, const Fields& fields, const Organismes& organismes,
                                    const Beneficiaries* register_of = nullptr);

// The caisse inside a printed organisme code of the régime général: "595", "01595", "01C595", "01 595 0000"
// (régime 2, caisse 3, centre 4). Empty for anything else, other régimes included.
std::optional<Caisse> caisse_of_organisme_code(std::string_view code);
// The caisse that issued a provisional (NNP) or passing migrant's (MIG) number: its digits 3 to 5.
std::optional<Caisse> caisse_of_issued_number(std::string_view number);

}  // namespace pleiade
