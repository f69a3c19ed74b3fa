#include "services/router/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/domain/affiliation.h"
#include "services/router/deadlines.h"
#include "services/router/explain.h"
#include "services/router/plan.h"
#include "services/router/recipients.h"
#include "services/router/ticked.h"

namespace pleiade::router {
namespace {

constexpr std::string_view kSecretMed = "SECRET_MED";
constexpr std::string_view kFromPerson = "person";
constexpr std::size_t kPiecesMin = 3;  // an insured sends one or two prescriptions alone; a practitioner sends a list

// What holds for all the documents of a pli.
struct PliFacts {
    const PliContext& context;
    std::optional<Day> received_on;
    bool holds_secret_med = false;
    bool holds_doubtful = false;  // a document whose type or pages are not certain
    bool only_pieces = false;     // several attachments, and nothing that they go with
};

// A person looks first, and is told why.
void ask_a_person(Decision& decision, std::string why) {
    decision.kind = DecisionKind::Keying;
    decision.reasons.push_back("À vérifier : " + std::move(why));
}

bool has_valid(const Fields& fields, const std::string& name) {
    const auto values = fields.find(name);
    return values != fields.end() &&
           std::any_of(values->second.begin(), values->second.end(),
                       [](const FieldValue& value) { return value.status == FieldStatus::Valid; });
}

// What a master holds, its attachments need not hold again. What a person has settled is not asked twice.
std::vector<std::string> fields_to_key(const DocumentType& type, const DocumentReading& document,
                                       const Fields& of_master) {
    std::vector<std::string> missing;
    for (const auto& name : type.required) {
        if (is_settled(document, name) || has_valid(document.fields, name) || has_valid(of_master, name)) continue;
        missing.push_back(name);
    }
    return missing;
}

bool is_cut_settled(const DocumentReading& document) {
    return document.certain || (is_settled(document, kSettledType) && is_settled(document, kSettledPages));
}

class PlanRouter final : public Router {
  public:
    PlanRouter(std::shared_ptr<const Plan> plan, std::shared_ptr<const Beneficiaries> beneficiaries)
        : plan_(std::move(plan)), beneficiaries_(std::move(beneficiaries)) {}

    std::vector<Decision> route(const PliContext& context, const Reading& reading) const override;
    const Nomenclature& nomenclature() const override { return plan_->types; }
    const std::string& version() const override { return plan_->version; }
    std::vector<std::string> summary() const override { return plan_->summary; }

  private:
    bool nobody_identified(const DocumentReading& document) const;
    AffiliationFinding affiliation_of(const PliFacts& pli, const DocumentReading& document) const;
    Decision decide_master(const PliFacts& pli, const DocumentReading& document) const;
    Decision decide_attachment(const PliFacts& pli, const DocumentReading& document, const DocumentReading& master,
                               const Decision& of_master) const;
    Route main_route(const PliFacts& pli, const DocumentReading& document, const DocumentType& type,
                     const AffiliationFinding& affiliation, const Ticked& ticked, Decision& decision) const;
    void share_pages(const PliFacts& pli, const DocumentReading& document, const DocumentType& type,
                     const MainRecipient& main, Decision& decision) const;
    void set_keying(const DocumentReading& document, const DocumentType& type, const Fields& of_master,
                    Decision& decision) const;

    std::shared_ptr<const Plan> plan_;
    std::shared_ptr<const Beneficiaries> beneficiaries_;
};

// The main recipient, the priority and the dates; the pages are shared out afterwards.
Route PlanRouter::main_route(const PliFacts& pli, const DocumentReading& document, const DocumentType& type,
                             const AffiliationFinding& affiliation, const Ticked& ticked, Decision& decision) const {
    Route route;
    route.processed_by = affiliation.affiliation.caisse;
    route.service = type.service;
    route.rule = "nomenclature " + type.code;
    route.priority = std::min(type.priority, ticked.priority.value_or(type.priority));
    if (!pli.context.registered_mail.empty()) route.priority = Priority::P0;

    const RoutingRule* rule = nullptr;
    if (only_hors_volets(document, type)) {
        route.service = kHorsService;
        route.rule += " HORS";
        decision.reasons.push_back("Volet qui n'est pas pour la caisse : à réexpédier");
    } else if (!ticked.service.empty()) {
        route.service = ticked.service;
        route.rule += " case cochée";
    } else if (pli.received_on) {
        rule = plan_->rules.find(type.code, affiliation.affiliation.caisse, *pli.received_on);
    }
    if (rule != nullptr) {
        route.processed_by = rule->processed_by;
        route.service = rule->service;
        route.rule = fmt::format("routing {}", rule->name());
        decision.reasons.push_back(explain_rule(*rule, plan_->organismes, plan_->services));
    } else {
        decision.reasons.push_back(explain_service(route.service, plan_->services));
    }
    if (!pli.context.registered_mail.empty()) decision.reasons.emplace_back("Recommandé : priorité P0");

    if (!pli.received_on) {
        ask_a_person(decision, "date de réception illisible, ni règle datée ni échéance");
        return route;
    }
    const auto* processing = plan_->organismes.find(route.processed_by);
    const std::string departement = processing == nullptr ? "" : processing->departement;
    route.due = due_at(route.priority, pli.context, *pli.received_on, departement, plan_->mail_room);
    if (const auto* clock = plan_->legal_clocks.find(type.code)) {
        route.legal_due = to_date(deadline(*pli.received_on, clock->delay, plan_->mail_room.calendar, departement));
        route.legal_rule = clock->rule_fr;
    }
    return route;
}

// Fills the pages of decision.route and its copies, which go to the affiliated caisse.
void PlanRouter::share_pages(const PliFacts& pli, const DocumentReading& document, const DocumentType& type,
                             const MainRecipient& main, Decision& decision) const {
    const auto recipients = find_recipients(document, type, main, pli.holds_secret_med, plan_->services);
    decision.route->pages = recipients.main_pages;
    decision.route->copies.clear();
    for (const auto& copy : recipients.copies) {
        decision.route->copies.push_back({decision.affiliation.caisse, copy.service, copy.pages});
        decision.reasons.push_back(explain_copy(copy, main.service, plan_->services));
    }
    // Once a person has looked, a volet that cannot be told stays medical, and nobody is asked again.
    if (is_settled(document, kSettledVolets)) return;
    if (!recipients.untold.empty()) {
        ask_a_person(decision,
                     fmt::format("volet non reconnu ({}), tenu pour médical", explain_pages(recipients.untold)));
    }
    if (!recipients.withheld.empty()) {
        ask_a_person(decision, "le pli contient un document confidentiel médical, une personne habilitée décide");
    }
}

void PlanRouter::set_keying(const DocumentReading& document, const DocumentType& type, const Fields& of_master,
                            Decision& decision) const {
    const auto place = plan_->keying.find(decision.affiliation.caisse, type.code);
    decision.keyed_by = place.keyed_by;
    decision.keyed_before_queue = place.before_queue;
    decision.to_key = fields_to_key(type, document, of_master);
    if (!decision.to_key.empty()) {
        decision.reasons.push_back(explain_to_key(decision.to_key, decision.keyed_by, decision.keyed_before_queue));
    }
}

// A register would know the caisse of the person whom the type is always about and whom nobody could tell: it requires
// her number or her name, or it is medical, and then it must not reach another caisse's people either. Other types are
// known by the fields that identified_by.csv gives.
bool PlanRouter::nobody_identified(const DocumentReading& document) const {
    const auto* type = plan_->types.find(document.type);
    if (beneficiaries_ == nullptr || !beneficiaries_->available() || type == nullptr) return false;
    const auto requires_field = [&](std::string_view name) {
        return std::find(type->required.begin(), type->required.end(), name) != type->required.end();
    };
    const bool about_somebody =
        requires_field("nir") || requires_field("last_name") || type->secrecy == Secrecy::Medical;
    const auto& known_by = plan_->identified_by.fields_of(document.type);
    if (!known_by.empty()) {
        return std::none_of(known_by.begin(), known_by.end(),
                            [&](const std::string& field) { return has_valid(document.fields, field); });
    }
    return about_somebody && !has_valid(document.fields, "nir");
}

// The caisse that a person named prevails; one that she let stand is certain.
AffiliationFinding PlanRouter::affiliation_of(const PliFacts& pli, const DocumentReading& document) const {
    if (!document.keyed_affiliation.empty()) {
        if (const auto known = plan_->organismes.resolve(document.keyed_affiliation)) {
            AffiliationFinding named;
            named.organisme = known->organisme;
            named.affiliation = {known->organisme->caisse, std::string(kFromPerson)};
            named.certain = true;
            named.reasons.push_back(fmt::format("Caisse {} ({}) : désignée par une personne", known->organisme->caisse,
                                                known->organisme->label_fr));
            return named;
        }
    }
    auto found = find_affiliation(pli.context, document.fields, plan_->organismes, beneficiaries_.get());
    if (found.affiliation.from == kFromAddressed && nobody_identified(document)) {
        found.certain = false;
        found.reasons.emplace_back("Assuré non identifié : affiliation à confirmer");
    }
    if (is_settled(document, kSettledAffiliation) && found.organisme != nullptr) found.certain = true;
    return found;
}

Decision PlanRouter::decide_master(const PliFacts& pli, const DocumentReading& document) const {
    Decision decision;
    decision.document = document.id;
    decision.kind = DecisionKind::Auto;  // until a reason to ask
    const auto affiliation = affiliation_of(pli, document);
    decision.affiliation = affiliation.affiliation;
    decision.reasons = affiliation.reasons;

    const auto* type = plan_->types.find(document.type);
    if (type == nullptr) {
        decision.secrecy = Secrecy::Medical;
        const auto place = plan_->keying.find(decision.affiliation.caisse, document.type);
        decision.keyed_by = place.keyed_by;
        decision.keyed_before_queue = place.before_queue;
        ask_a_person(decision, "type de document inconnu, tenu pour médical");
        return decision;
    }
    decision.secrecy = pli.holds_secret_med ? Secrecy::Medical : type->secrecy;
    if (!is_cut_settled(document)) ask_a_person(decision, "type ou découpe des pages incertains");
    if (type->role == TypeRole::Attachment && pli.holds_doubtful && is_cut_settled(document)) {
        ask_a_person(decision, "pièce sans document maître, à côté d'un document dont le type est à vérifier");
    } else if (type->role == TypeRole::Attachment && pli.only_pieces && !is_settled(document, kSettledType)) {
        ask_a_person(decision, "plusieurs pièces sans document maître : l'une d'elles est peut-être leur bordereau");
    }
    if (!affiliation.certain) ask_a_person(decision, "caisse d'affiliation incertaine");
    const auto ticked = ticked_on(document, plan_->tick_rules, plan_->services);
    decision.route = main_route(pli, document, *type, affiliation, ticked, decision);
    share_pages(pli, document, *type, {decision.route->service, type->service}, decision);
    tell_copies(ticked, document, *type, pli.holds_secret_med, decision);
    decision.reasons.insert(decision.reasons.end(), ticked.reasons.begin(), ticked.reasons.end());
    for (const auto& doubt : ticked.doubts) ask_a_person(decision, doubt);
    set_keying(document, *type, {}, decision);
    return decision;
}

Decision PlanRouter::decide_attachment(const PliFacts& pli, const DocumentReading& document,
                                       const DocumentReading& master, const Decision& of_master) const {
    Decision decision;
    decision.document = document.id;
    decision.kind = of_master.kind;
    decision.affiliation = of_master.affiliation;
    decision.reasons.push_back(fmt::format("Pièce jointe du document {} : suit sa route", master.id));

    const auto* type = plan_->types.find(document.type);
    const auto* master_type = plan_->types.find(master.type);
    decision.secrecy = pli.holds_secret_med || type == nullptr || type->secrecy == Secrecy::Medical ||
                               of_master.secrecy == Secrecy::Medical
                           ? Secrecy::Medical
                           : Secrecy::Normal;
    if (type == nullptr) {
        ask_a_person(decision, "type de document inconnu, tenu pour médical");
        return decision;
    }
    if (!is_cut_settled(document)) ask_a_person(decision, "type ou découpe des pages incertains");
    if (of_master.kind == DecisionKind::Keying) ask_a_person(decision, "son document maître est à vérifier");
    if (of_master.route && master_type != nullptr) {
        decision.route = of_master.route;
        share_pages(pli, document, *type, {of_master.route->service, master_type->service}, decision);
    }
    set_keying(document, *type, master.fields, decision);
    return decision;
}

std::vector<Decision> PlanRouter::route(const PliContext& context, const Reading& reading) const {
    const auto& documents = reading.documents;
    const PliFacts pli{context, day_from(context.received_on),
                       std::any_of(documents.begin(), documents.end(),
                                   [](const DocumentReading& document) { return document.type == kSecretMed; }),
                       std::any_of(documents.begin(), documents.end(),
                                   [](const DocumentReading& document) { return !is_cut_settled(document); }),
                       documents.size() >= kPiecesMin &&
                           std::all_of(documents.begin(), documents.end(), [&](const DocumentReading& document) {
                               const auto* type = plan_->types.find(document.type);
                               return type != nullptr && type->role == TypeRole::Attachment;
                           })};

    // An attachment whose master is not there is decided as a master, by a person.
    const auto master_of = [&](const DocumentReading& document) -> const DocumentReading* {
        if (document.role != Role::Attachment || !document.attached_to) return nullptr;
        const auto master = std::find_if(documents.begin(), documents.end(), [&](const DocumentReading& candidate) {
            return candidate.role == Role::Master && candidate.id == *document.attached_to;
        });
        return master == documents.end() ? nullptr : &*master;
    };

    std::vector<Decision> decisions(documents.size());
    for (std::size_t i = 0; i < documents.size(); ++i) {
        if (master_of(documents[i]) != nullptr) continue;
        decisions[i] = decide_master(pli, documents[i]);
        if (documents[i].role == Role::Attachment) {
            ask_a_person(decisions[i], "pièce jointe sans document maître");
        }
    }
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto* master = master_of(documents[i]);
        if (master == nullptr) continue;
        const auto rank = static_cast<std::size_t>(master - documents.data());
        decisions[i] = decide_attachment(pli, documents[i], *master, decisions[rank]);
    }
    return decisions;
}

}  // namespace

Result<std::unique_ptr<Router>> Router::open(const std::string& config_folder,
                                             std::shared_ptr<const Beneficiaries> beneficiaries) {
    auto plan = load_plan(config_folder);
    if (!plan) return pass_on(plan);
    return std::make_unique<PlanRouter>(std::move(*plan), std::move(beneficiaries));
}

}  // namespace pleiade::router
