#include "services/gateway/api/story_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pleiade::gateway {

namespace {

using Sentence = std::pair<std::string_view, std::string_view>;

constexpr std::array kKinds = {
    Sentence{"pli.registered", "Pli enregistré"},
    Sentence{"pli.reading", "Lecture commencée"},
    Sentence{"pli.read", "Pli lu"},
    Sentence{"pli.routing", "Routage commencé"},
    Sentence{"pli.routed", "Documents routés"},
    Sentence{"pli.keyed", "Lecture remplacée par ce qu'une personne a codé"},
    Sentence{"pli.retry", "Tentative échouée, à refaire"},
    Sentence{"pli.quarantined", "Mis en quarantaine"},
    Sentence{"pli.unquarantined", "Sorti de quarantaine"},
    Sentence{"pli.held", "Pli mis en attente"},
    Sentence{"pli.released", "Pli libéré"},
    Sentence{"pli.requeued", "Pli remis en file"},
    Sentence{"pli.reread", "À relire depuis le début"},
    Sentence{"document.created", "Document trouvé"},
    Sentence{"document.read", "En route vers le routeur"},
    Sentence{"document.to_key", "À coder par une personne"},
    Sentence{"document.keying", "Codage commencé"},
    Sentence{"document.queued", "Mis dans la file de son service"},
    Sentence{"document.taken", "Pris par un service"},
    Sentence{"document.closed", "Acquitté par tous ses destinataires"},
    Sentence{"document.returned", "Renvoyé à la plateforme"},
    Sentence{"document.held", "Mis en attente"},
    Sentence{"document.quarantined", "Mis en quarantaine avec son pli"},
    Sentence{"document.rejected", "Rejeté"},
    Sentence{"document.rescan_requested", "Nouvelle numérisation demandée"},
    Sentence{"document.superseded", "Remplacé par un autre document du pli"},
    Sentence{"document.purged", "Purgé"},
    Sentence{"delivery.queued", "Adressé à"},
    Sentence{"delivery.taken", "Pris par"},
    Sentence{"delivery.released", "Remis dans la file de"},
    Sentence{"delivery.lapsed", "Réservation expirée pour"},
    Sentence{"delivery.closed", "Acquitté par"},
    Sentence{"delivery.returned", "Renvoyé par"},
    Sentence{"delivery.withdrawn", "Retiré de la file de"},
};

constexpr std::array kActs = {
    Sentence{"HOLD", "Mise en attente demandée"},
    Sentence{"RELEASE", "Libération demandée"},
    Sentence{"REJECT", "Rejet demandé"},
    Sentence{"RE_READ", "Relecture demandée"},
    Sentence{"RE_ROUTE", "Nouveau routage demandé"},
    Sentence{"RE_QUEUE", "Remise en file demandée"},
    Sentence{"RECLASSIFY", "Autre type donné"},
    Sentence{"UN_QUARANTINE", "Sortie de quarantaine demandée"},
    Sentence{"SEND", "Envoyé à un collègue ou à une compétence"},
    Sentence{"UNDO", "Validation défaite"},
    Sentence{"RECALL", "Rappel demandé"},
    Sentence{"RECALL_ACCEPTED", "Rappel accepté par le service"},
    Sentence{"RECALL_REFUSED", "Rappel refusé par le service"},
};

template <class Table>
std::string_view find(const Table& table, std::string_view name) {
    const auto* found = std::ranges::find(table, name, &Sentence::first);
    return found == table.end() ? std::string_view() : found->second;
}

}  // namespace

std::string story_text(const v1::Event& event) {
    if (event.kind() == "pli.act") {
        const auto act = find(kActs, event.code());
        return act.empty() ? "Acte " + event.code() : std::string(act);
    }
    if (event.kind() == "page.seen") {
        const char* what = event.code() == "pdf"    ? "PDF vu, pages "
                           : event.code() == "text" ? "Texte lu, page "
                                                    : "Image vue, page ";
        return what + event.detail();
    }
    std::string text(find(kKinds, event.kind()));
    if (text.empty()) return event.kind();
    if (event.kind().starts_with("delivery.")) text += " " + event.detail();  // caisse/service
    if (event.kind() == "document.created") text += " (" + event.detail() + ")";
    if (!event.code().empty()) text += " (" + event.code() + ")";
    return text;
}

}  // namespace pleiade::gateway
