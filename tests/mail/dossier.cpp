#include "tests/mail/dossier.h"

namespace pleiade::mail {
namespace {

Day before(Rng& rng, Day day, int at_least, int at_most) {
    return day - std::chrono::days(rng.between(at_least, at_most));
}

std::string department_of(const std::string& caisse) {
    if (caisse.starts_with("97")) return "97";
    return caisse.starts_with("20") ? "20" : caisse.substr(0, 2);
}

}  // namespace

Dossier make_dossier(Rng& rng, Half half, Day received, const std::string& addressed, const std::string& affiliation,
                     const std::string& affiliation_label) {
    static const std::vector<std::string> kSpecialties = {"médecine générale", "médecine générale",
                                                          "médecine générale", "gynécologie-obstétrique",
                                                          "cardiologie",       "ophtalmologie"};
    static const std::vector<std::string> kAuxiliaries = {"infirmière D.E.", "masseur-kinésithérapeute",
                                                          "orthophoniste", "infirmier D.E.", "pédicure-podologue"};
    Dossier d;
    d.half = half;
    d.received = received;
    d.addressed = addressed;
    d.affiliation = affiliation;
    d.caisse_label = affiliation_label;
    d.department = department_of(affiliation);
    d.insured = make_adult(rng, d.department, received);
    d.spouse = make_spouse(rng, d.insured, received);
    d.child = make_child(rng, d.insured, received);
    if (rng.chance(0.28)) d.beneficiary = rng.chance(0.7) ? d.child : d.spouse;
    d.doctor = make_practitioner(rng, d.department, rng.pick(kSpecialties));
    d.auxiliary = make_practitioner(rng, d.department, rng.pick(kAuxiliaries));
    d.dentist = make_practitioner(rng, d.department, "chirurgien-dentiste");
    d.employer = make_employer(rng, d.department);
    d.hospital = make_establishment(rng, d.department, rng.chance(0.6) ? "Centre hospitalier" : "Clinique");
    d.laboratory = make_establishment(rng, d.department, "Laboratoire");
    d.pharmacy = make_establishment(rng, d.department, "Pharmacie");
    d.account = make_account(rng);
    d.document_date = before(rng, received, 1, 12);
    d.care_date = before(rng, d.document_date, 0, 3);
    d.accident_date = before(rng, d.care_date, 0, 6);
    d.period_from = d.care_date;
    d.period_to = d.period_from + std::chrono::days(rng.between(2, 45));
    // More accidents by third parties than in life, so that a measured set holds some.
    Rng asked = rng.fork("ticks");
    d.ticks["third_party"] = asked.chance(0.04) ? "yes" : "no";
    const double stage = asked.real(0, 1);
    d.ticks["stage"] = stage < 0.6 ? "initial" : stage < 0.88 ? "prolongation" : stage < 0.95 ? "final" : "relapse";
    return d;
}

}  // namespace pleiade::mail
