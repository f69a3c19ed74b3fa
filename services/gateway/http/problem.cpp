#include "services/gateway/http/problem.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace pleiade::gateway {

namespace {

struct Known {
    std::string_view code;
    int status;
    std::string_view title;
    std::string_view detail;  // for errors that come from behind the gateway
};

// Codes in alphabetical order. Those with a detail may come from the hub, the vault, the decoder or the binder.
constexpr std::array kKnown = {
    Known{"ANSWER_UNEXPECTED", 502, "Réponse incompréhensible du hub",
          "Le hub (pleiade-hub) et la passerelle ne sont pas de la même version; déployez la même partout."},
    Known{"BINDER_FAILED", 502, "PDF impossible à composer",
          "Un fichier reçu n'a pas pu être repris tel quel dans un PDF; consultez ses pages une à une."},
    Known{"BINDER_UNAVAILABLE", 503, "PDF momentanément indisponible",
          "Le programme pleiade-binder n'a pas pu être lancé; vérifiez l'installation."},
    Known{"BODY_INVALID", 400, "Corps de requête invalide", ""},
    Known{"CURSOR_INVALID", 400, "Curseur invalide",
          "Ce curseur ne vient pas d'une liste de cette passerelle; recommencez depuis le début."},
    Known{"DECODER_UNAVAILABLE", 503, "Image momentanément indisponible",
          "Le programme pleiade-decoder n'a pas pu être lancé; vérifiez l'installation."},
    Known{"DOCUMENT_UNKNOWN", 404, "Document inconnu", "Aucun document ne porte cet identifiant."},
    Known{
        "FILE_ALTERED", 502, "Fichier altéré",
        "Le fichier conservé ne correspond plus à son empreinte; lancez «pleiade verify» et prévenez l'exploitation."},
    Known{"FILE_MISSING", 502, "Fichier manquant",
          "Le fichier n'est pas dans le coffre; lancez «pleiade verify» et prévenez l'exploitation."},
    Known{"FORBIDDEN_ORIGIN", 403, "Origine refusée", ""},
    Known{"HOST_NOT_ALLOWED", 421, "Nom d'hôte refusé", ""},
    Known{"HUB_UNREACHABLE", 503, "Hub injoignable",
          "Le hub (pleiade-hub) ne répond pas; rien n'est perdu, recommencez quand il sera relancé."},
    Known{"IDEMPOTENCY_IN_PROGRESS", 409, "Requête déjà en cours", ""},
    Known{"IDEMPOTENCY_KEY_MISSING", 400, "Idempotency-Key manquante", ""},
    Known{"IDEMPOTENCY_KEY_REUSED", 422, "Idempotency-Key déjà employée", ""},
    Known{"IMAGE_UNREADABLE", 502, "Image illisible",
          "La page n'a pas pu être décodée dans ses limites; l'original est conservé intact."},
    Known{"KEY_REUSED", 422, "Idempotency-Key déjà employée",
          "Cette clé a déjà servi pour une autre demande; une nouvelle demande prend une nouvelle clé."},
    Known{"METHOD_NOT_ALLOWED", 405, "Méthode refusée", ""},
    Known{"NOT_A_RECIPIENT", 403, "Destinataire non concerné", ""},
    Known{"NOT_QUEUED", 409, "Document hors de cette file",
          "Ce document n'attend pas, ou n'attend plus, dans cette file; regardez son état."},
    Known{"NOT_TAKEN_BY_YOU", 409, "Document pris par un autre",
          "Ce document n'est plus à vous: sa réservation a expiré ou un autre l'a pris."},
    Known{"PAGE_NOT_FOR_RECIPIENT", 403, "Page non communicable à ce destinataire", ""},
    Known{"PAGE_NOT_IN_DOCUMENT", 404, "Page absente de ce document", ""},
    Known{"PARAMETER_INVALID", 400, "Paramètre invalide", ""},
    Known{"PLI_UNKNOWN", 404, "Pli inconnu", "Aucun pli ne porte cet identifiant."},
    Known{"RECIPIENT_MISSING", 400, "Destinataire manquant", ""},
    Known{"ROUTE_NOT_FOUND", 404, "Adresse inconnue", ""},
    Known{"STALE", 409, "Réservation dépassée", "La réservation a expiré: reprenez le document dans sa file."},
    Known{"TOO_BUSY", 503, "Passerelle saturée", ""},
};

const Known* known(std::string_view code) {
    const auto* found = std::ranges::find(kKnown, code, &Known::code);
    return found == kKnown.end() ? nullptr : found;
}

std::string title_of(std::string_view code) {
    const auto* entry = known(code);
    return entry != nullptr ? std::string(entry->title) : "Demande refusée";
}

}  // namespace

Response problem(int status, const std::string& code, const std::string& detail) {
    Response response;
    response.status = status;
    response.problem = Problem{code, title_of(code), detail, {}};
    return response;
}

Response problem_at(int status, const std::string& code, const std::string& pointer, const std::string& detail) {
    Response response = problem(status, code, detail);
    response.problem->errors.emplace_back(pointer, detail);
    return response;
}

Response problem_of(const Error& error) {
    if (const auto* entry = known(error.code); entry != nullptr && !entry->detail.empty()) {
        Response response = problem(entry->status, error.code, std::string(entry->detail));
        if (entry->status == 503) response.headers.emplace_back("Retry-After", "5");
        return response;
    }
    if (error.code.starts_with("REJ_")) {
        return problem(502, "IMAGE_UNREADABLE",
                       std::string(known("IMAGE_UNREADABLE")->detail) + " (" + error.code + ")");
    }
    switch (error.kind) {
        case ErrorKind::Invalid:
            return problem(400, error.code, "La demande est refusée telle quelle (" + error.code + "); corrigez-la.");
        case ErrorKind::NotFound:
            return problem(404, error.code, "Rien ne porte cet identifiant.");
        case ErrorKind::Conflict:
            return problem(409, error.code,
                           "C'est déjà fait autrement, ou par un autre; rechargez avant de recommencer.");
        case ErrorKind::Unavailable:
            break;
    }
    Response response = problem(503, error.code, "Momentanément indisponible; recommencez dans quelques secondes.");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

void finish_problem(Response& response, const Request& request) {
    if (!response.problem) return;
    const Problem& p = *response.problem;
    boost::json::object body{{"type", "urn:pleiade:problem:" + p.code},
                             {"title", p.title},
                             {"status", response.status},
                             {"detail", p.detail},
                             {"code", p.code},
                             {"trace_id", request.trace_id}};
    if (!request.path.empty()) body["instance"] = request.path;
    if (!p.errors.empty()) {
        boost::json::array errors;
        for (const auto& [pointer, detail] : p.errors) errors.push_back({{"pointer", pointer}, {"detail", detail}});
        body["errors"] = std::move(errors);
    }
    response.content_type = "application/problem+json";
    response.body = boost::json::serialize(body);
}

}  // namespace pleiade::gateway
