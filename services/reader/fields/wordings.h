// What labels and headings say on forms, letters and certificates: folded, spaces and punctuation removed when they
// are looked for. A longer wording wins over a shorter one inside it, which is how «date de naissance du médecin» or
// «code de la sécurité sociale» is kept from being taken for what it is not.
#pragma once

#include <span>
#include <string_view>

#include "services/reader/fields/labels.h"

namespace pleiade::reader::fields {

struct LabelWording {
    Label label;
    std::string_view text;
};
struct PartyWording {
    Party party;
    std::string_view text;
};

std::span<const LabelWording> label_wordings();
std::span<const PartyWording> party_wordings();

}  // namespace pleiade::reader::fields
