#include "services/reader/two_d_doc/seal.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/reader/two_d_doc/latin1.h"

namespace pleiade::reader::two_d_doc {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Judged judge_seal(const Document& document, const TrustList& trust) {
    if (document.signature.empty()) {
        return {Seal::Unverified, document.header.version == 1 ? "signature non vérifiée : non lue (version 1)"
                                                               : "signature non vérifiée : le code n'en porte pas"};
    }
    const auto& header = document.header;
    const auto& keys = trust.find(header.authority, header.certificate);
    if (keys.empty()) {
        return {Seal::Unverified, fmt::format("signature non vérifiée : clé {} {} absente de la liste de confiance",
                                              header.authority, header.certificate)};
    }
    const auto latin1 = latin1_of(document.signed_text);
    const bool ascii = is_ascii(document.signed_text);
    for (const auto& trusted : keys) {
        const bool holds = trusted.key.verifies(document.signed_text, document.signature) ||
                           (!ascii && latin1 && trusted.key.verifies(*latin1, document.signature));
        if (!holds) continue;
        if (!header.signed_on || !trusted.covers(to_iso(*header.signed_on))) {
            return {Seal::Unverified, "signature non vérifiée : hors de la période de validité de sa clé"};
        }
        return {Seal::Verified, "signature vérifiée"};
    }
    // Which bytes were signed is not sure then: that accuses nobody.
    if (header.version == 1) return {Seal::Unverified, "signature non vérifiée : octets que la lecture a pu changer"};
    if (!ascii) return {Seal::Unverified, "signature non vérifiée : caractères que la lecture a pu changer"};
    return {Seal::Bad, "signature fausse : le contenu n'est pas celui qui a été signé"};
}

}  // namespace pleiade::reader::two_d_doc
