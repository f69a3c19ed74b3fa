// Whether what a code says was signed by who may sign it.
#pragma once

#include <string>

#include "services/reader/two_d_doc/document.h"
#include "services/reader/two_d_doc/trust_list.h"

namespace pleiade::reader::two_d_doc {

enum class Seal {
    Verified,    // signed with a key of the trust list that was valid on that day
    Unverified,  // nobody can say: no signature, or no key for it
    Bad,         // the key is there, and what the code says was not signed with it
};

struct Judged {
    Seal seal = Seal::Unverified;
    std::string why;  // in French, for people: never what the code holds
};

// Pure.
Judged judge_seal(const Document& document, const TrustList& trust);

}  // namespace pleiade::reader::two_d_doc
