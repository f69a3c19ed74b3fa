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
    Known{"ACCOUNT_EXISTS", 409, "Nom déjà employé",
          "Ce nom, ou cette identité du fournisseur, a déjà servi; un nom ne sert jamais deux fois."},
    Known{"ACCOUNT_INVALID", 422, "Compte à corriger", ""},
    Known{"ACCOUNT_UNKNOWN", 404, "Compte inconnu", "Aucun compte ne porte ce nom."},
    Known{"ANSWER_UNEXPECTED", 502, "Réponse incompréhensible du hub",
          "Le hub (pleiade-hub) et la passerelle ne sont pas de la même version; déployez la même partout."},
    Known{"BINDER_FAILED", 502, "PDF impossible à composer",
          "Un fichier reçu n'a pas pu être repris tel quel dans un PDF; consultez ses pages une à une."},
    Known{"BINDER_UNAVAILABLE", 503, "PDF momentanément indisponible",
          "Le programme pleiade-binder n'a pas pu être lancé; vérifiez l'installation."},
    Known{"BODY_INVALID", 400, "Corps de requête invalide", ""},
    Known{"CODE_REQUIRED", 422, "Motif manquant", "Dites pourquoi, par un des codes admis."},
    Known{"CSRF_INVALID", 403, "Demande étrangère à la session", ""},
    Known{"CURSOR_INVALID", 400, "Curseur invalide",
          "Ce curseur ne vient pas d'une liste de cette passerelle; recommencez depuis le début."},
    Known{"DECODER_UNAVAILABLE", 503, "Image momentanément indisponible",
          "Le programme pleiade-decoder n'a pas pu être lancé; vérifiez l'installation."},
    Known{"DOCUMENT_UNKNOWN", 404, "Document inconnu", "Aucun document ne porte cet identifiant."},
    Known{"DRAFT_TOO_LARGE", 422, "Brouillon trop grand",
          "Enregistrez moins de champs à la fois, ou des valeurs plus courtes."},
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
    Known{"KEYED_CHECK_FAILED", 422, "Valeur qui échoue à son contrôle", ""},
    Known{"KEYER_REQUIRED", 400, "Personne manquante", "Dites qui code (by)."},
    Known{"KEYING_INVALID", 422, "Saisie à corriger", ""},
    Known{"KEYING_LEASE_LOST", 409, "Bail perdu",
          "Ce bail est terminé: le pli a été repris ou rendu. Votre brouillon est gardé; rouvrez le pli pour le "
          "retrouver."},
    Known{"KEYING_TAKEN", 409, "Pli pris par une autre personne",
          "Une autre personne le code en ce moment; prenez le suivant."},
    Known{"KEY_EXISTS", 409, "Nom déjà employé", "Ce nom a déjà servi; un nom ne sert jamais deux fois."},
    Known{"KEY_INVALID", 422, "Clé à corriger", "Une clé a un nom (lettres, chiffres, . - _) et un service, 595-IJ."},
    Known{"KEY_REFUSED", 401, "Clé refusée", ""},
    Known{"KEY_REUSED", 422, "Idempotency-Key déjà employée",
          "Cette clé a déjà servi pour une autre demande; une nouvelle demande prend une nouvelle clé."},
    Known{"KEY_UNKNOWN", 404, "Clé inconnue", "Aucune clé ne porte ce nom."},
    Known{"LOGIN_REFUSED", 401, "Connexion refusée", ""},
    Known{"METHOD_NOT_ALLOWED", 405, "Méthode refusée", ""},
    Known{"NEEDS_HABILITATION", 403, "Secret médical",
          "Ces documents sont médicaux: seule une personne habilitée peut les coder."},
    Known{"NIR_INVALID", 422, "NIR invalide",
          "Un NIR a 13 ou 15 caractères, 2A ou 2B pour la Corse, et sa clé doit correspondre."},
    Known{"NOT_SIGNED_IN", 401, "Connexion nécessaire", ""},
    Known{"NOT_YOURSELF", 403, "Une autre personne", ""},
    Known{"NOT_A_RECIPIENT", 403, "Destinataire non concerné", ""},
    Known{"NOT_QUEUED", 409, "Document hors de cette file",
          "Ce document n'attend pas, ou n'attend plus, dans cette file; regardez son état."},
    Known{"NOT_TAKEN_BY_YOU", 409, "Document pris par un autre",
          "Ce document n'est plus à vous: sa réservation a expiré ou un autre l'a pris."},
    Known{"NOT_TO_KEY", 409, "Rien à coder ici", "Ce pli ou ce document n'attend pas une personne; regardez son état."},
    Known{"OIDC_UNREACHABLE", 503, "Fournisseur d'identité injoignable", ""},
    Known{"OCR_FAILED", 502, "Rectangle illisible",
          "Ce rectangle n'a pas pu être lu dans les limites; saisissez la valeur."},
    Known{"OCR_UNAVAILABLE", 503, "Lecture momentanément indisponible",
          "Le programme de lecture n'a pas pu être lancé; saisissez la valeur, et vérifiez l'installation."},
    Known{"PAGE_NOT_FOR_RECIPIENT", 403, "Page non communicable à ce destinataire", ""},
    Known{"PAGE_NOT_IN_DOCUMENT", 404, "Page absente de ce document", ""},
    Known{"PAGE_NOT_IN_PLI", 404, "Page absente de ce pli", ""},
    Known{"PARAMETER_INVALID", 400, "Paramètre invalide", ""},
    Known{"PASSWORD_CHANGE_REQUIRED", 403, "Mot de passe à choisir", ""},
    Known{"PASSWORD_REFUSED", 403, "Mot de passe refusé", ""},
    Known{"PASSWORD_WEAK", 422, "Mot de passe trop faible", ""},
    Known{"PLI_ASIDE", 409, "Pli mis de côté",
          "Ce pli a été mis de côté entre-temps; sortez-le d'abord de la quarantaine."},
    Known{"PLI_UNKNOWN", 404, "Pli inconnu", "Aucun pli ne porte cet identifiant."},
    Known{"REAUTHENTICATION_REQUIRED", 403, "Mot de passe à redonner", ""},
    Known{"REASON_REQUIRED", 422, "Motif manquant", "Dites qui demande et pourquoi, en 1000 octets au plus."},
    Known{"RECALL_ASKED_ALREADY", 409, "Rappel déjà demandé",
          "Ce document est déjà rappelé: le service doit répondre."},
    Known{"RECALL_NOT_ASKED", 409, "Aucun rappel", "Personne ne rappelle ce document de ce service."},
    Known{"RECALL_NOT_QUEUED", 409, "Document chez personne",
          "Aucun service n'a ce document: les verbes de reprise suffisent."},
    Known{"RECIPIENT_MISSING", 400, "Destinataire manquant", ""},
    Known{"RECOVERY_CLOSED", 409, "Document acquitté", "Ses services l'ont acquitté: demandez un rappel."},
    Known{"RECOVERY_CODE_REQUIRED", 422, "Code manquant",
          "Un rejet porte un code en majuscules, par exemple NOT_FOR_US."},
    Known{"RECOVERY_GONE", 409, "Document remplacé", "Il a été remplacé: regardez les autres documents du pli."},
    Known{"RECOVERY_HELD", 409, "En attente", "Il est en attente: libérez-le d'abord (release)."},
    Known{"RECOVERY_HELD_ALREADY", 409, "Déjà en attente", "Il est déjà en attente."},
    Known{"RECOVERY_IN_PROGRESS", 409, "Déjà en route",
          "Il est en cours de lecture ou de routage: patientez, ou remettez-le en file (re-queue) s'il est bloqué."},
    Known{"RECOVERY_KEYING", 409, "En cours de codage",
          "Une personne le code en ce moment: attendez la fin de son bail, ou reprenez-le (re-queue)."},
    Known{"RECOVERY_NEEDS_DOCUMENT", 422, "Document à désigner",
          "Ce pli a plusieurs documents: désignez celui à retyper."},
    Known{"RECOVERY_NEEDS_PLI", 422, "Pli à désigner", "Ce verbe est pour un pli entier: donnez ses 32 chiffres."},
    Known{"RECOVERY_NOTHING", 409, "Rien à faire ici",
          "Ce verbe n'a pas de sens dans cet état; regardez l'état du pli et de ses documents."},
    Known{"RECOVERY_NOT_HELD", 409, "Ni en attente ni rejeté", "Il n'est ni en attente ni rejeté; regardez son état."},
    Known{"RECOVERY_NOT_QUARANTINED", 409, "Pas en quarantaine",
          "Il n'est pas en quarantaine: relisez, re-routez ou libérez-le selon son état."},
    Known{"RECOVERY_NOT_READ", 409, "Pas encore lu", "Ce pli n'est pas encore lu: ses documents n'existent pas."},
    Known{"RECOVERY_NO_ROUTE", 409, "Sans route", "Il n'a pas de route: re-routez-le (re-route) ou codez-le."},
    Known{"RECOVERY_QUARANTINED", 409, "En quarantaine",
          "Le pli est en quarantaine: sortez-le d'abord (un-quarantine)."},
    Known{"RECOVERY_QUEUED_ALREADY", 409, "Déjà en file", "Il attend déjà son tour: rien ne le retient."},
    Known{"RECOVERY_REJECTED", 409, "Rejeté", "Il est rejeté: libérez-le d'abord (release)."},
    Known{"RECOVERY_TAKEN", 409, "Pris par un service",
          "Un service l'a pris: demandez un rappel, ou remettez-le en file (re-queue)."},
    Known{"RECOVERY_TOO_MANY", 422, "Liste trop longue", "Désignez de 1 à 200 plis ou documents à la fois."},
    Known{"RECOVERY_TO_UNKNOWN", 422, "Destination inconnue", "un-quarantine va à retry ou à keying."},
    Known{"RECOVERY_TYPE_UNKNOWN", 422, "Type inconnu", "Donnez un type de la nomenclature."},
    Known{"RIGHT_MISSING", 403, "Droit manquant", ""},
    Known{"ROUTE_NOT_FOUND", 404, "Adresse inconnue", ""},
    Known{"SEARCHER_REQUIRED", 422, "Personne manquante",
          "Une recherche par NIR dit qui la fait (by): elle est auditée."},
    Known{"SEARCH_PLI_INVALID", 422, "Pli à préciser",
          "Donnez au moins 8 chiffres de l'identifiant, ou le rang et le lot."},
    Known{"SEND_TO_REQUIRED", 422, "Destinataire à préciser",
          "Désignez un collègue (to) ou une compétence (skill), l'un des deux."},
    Known{"SESSION_REFUSED", 403, "Connexion refusée", "Ce compte ne peut pas se connecter maintenant."},
    Known{"STALE", 409, "Réservation dépassée", "La réservation a expiré: reprenez le document dans sa file."},
    Known{"TAKER_REQUIRED", 400, "Personne manquante", "Dites qui prend le document (by)."},
    Known{"TOO_MANY_ATTEMPTS", 429, "Trop d'essais", ""},
    Known{"TOO_BUSY", 503, "Passerelle saturée", ""},
    Known{"UNDO_MOVED_ON", 409, "Trop tard pour défaire", "Ces documents ont changé depuis; regardez le pli."},
    Known{"UNDO_NOTHING", 409, "Rien à défaire", "Cette personne n'a rien validé qui puisse être défait."},
    Known{"UNDO_TAKEN", 409, "Déjà pris par un service",
          "Un service a pris un de ces documents: demandez un rappel (documents/{id}:recall)."},
    Known{"VERB_UNKNOWN", 404, "Verbe inconnu",
          "Verbes: re-read, re-route, reclassify, hold, release, reject, un-quarantine, re-queue."},
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
    response.problem->errors.push_back({pointer, detail});
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
        for (const auto& [pointer, detail, code] : p.errors) {
            boost::json::object error{{"pointer", pointer}, {"detail", detail}};
            if (!code.empty()) error["code"] = code;
            errors.push_back(std::move(error));
        }
        body["errors"] = std::move(errors);
    }
    response.content_type = "application/problem+json";
    response.body = boost::json::serialize(body);
}

}  // namespace pleiade::gateway
