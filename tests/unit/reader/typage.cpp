#include "services/reader/typage.h"

#include <gtest/gtest.h>

#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

DocumentReading only_document(const std::vector<DrawnLine>& lines) {
    const auto documents = documents_of({drawn_read(1, lines)});
    EXPECT_EQ(documents.size(), 1u);
    return documents.front();
}

std::vector<DrawnLine> letter(const std::string& object, const std::vector<std::string>& body) {
    std::vector<DrawnLine> lines = {{"Mme Odette VARLIN", 200},
                                    {"12 rue des Glaneuses 59000 LILLE", 240},
                                    {"CPAM de Lille-Douai", 380, 950},
                                    {"Lille, le 3 novembre 2026", 480, 950}};
    if (!object.empty()) lines.push_back({"Objet : " + object, 600});
    lines.push_back({"Madame, Monsieur,", 700});
    int y = 780;
    for (const auto& line : body) {
        lines.push_back({line, y});
        y += 40;
    }
    lines.push_back({"Veuillez agréer, Madame, Monsieur, mes salutations distinguées.", y + 40});
    return lines;
}

TEST(Typage, EveryTypeOfTheNomenclatureHasEvidenceOfItsOwn) {
    std::set<std::string> named;
    for (const auto& row : shipped_tables().evidence.rows()) {
        if (row.weight > 0) named.insert(row.type);
    }
    for (const auto& type : shipped_nomenclature().types()) EXPECT_TRUE(named.contains(type.code)) << type.code;
}

TEST(Typage, OwnNumberAndTitleMakeItCertain) {
    const auto document = only_document({{"cerfa", 80},
                                         {"n° 10170*07", 130},
                                         {"avis d'arrêt de travail", 100, 500, 40},
                                         {"numéro d'immatriculation de l'assuré", 500},
                                         {"S3116f", 2250, 1450}});
    EXPECT_EQ(document.type, "AAT");
    EXPECT_TRUE(document.certain);
    ASSERT_FALSE(document.reasons.empty());
    EXPECT_EQ(document.reasons.front().page, 1);
    EXPECT_FALSE(document.reasons.front().box.empty());
}

TEST(Typage, ReadsANumberWhoseStarWasLost) {
    const auto document = only_document(
        {{"cerfa N° 1446303", 100}, {"DÉCLARATION D'ACCIDENT DU TRAVAIL", 100, 600, 40}, {"employeur", 600}});
    EXPECT_EQ(document.type, "DAT");
    EXPECT_TRUE(document.certain);
}

TEST(Typage, AQuotedReferenceIsNotTheFormsOwn) {
    const auto document = only_document({{"DÉCLARATION D'ACCIDENT DU TRAVAIL", 100, 500, 40},
                                         {"remplissez immédiatement l'attestation de salaire S6202", 1800},
                                         {"DAT-PRE S6200i", 2250, 1400}});
    EXPECT_EQ(document.type, "DAT");
    EXPECT_TRUE(document.certain);
}

TEST(Typage, AFormNumberThatWeDoNotKnowIsNoTypeOfOurs) {
    const auto document = only_document({{"cerfa N° 15999*02", 100},
                                         {"DEMANDE DE RATTACHEMENT DES ENFANTS", 100, 600, 40},
                                         {"numéro de sécurité sociale", 600}});
    EXPECT_FALSE(document.certain);
    EXPECT_EQ(document.type, kUnknownType);
}

TEST(Typage, ANumberThatDiffersByADigitIsNotEnoughAlone) {
    const auto document = only_document({{"cerfa N° 11177*02", 100}, {"RELEVÉ DES OPÉRATIONS", 100, 600, 40}});
    EXPECT_EQ(document.type, kUnknownType);
}

TEST(Typage, OneWordChangesTheAttestationOfSalary) {
    EXPECT_EQ(only_document({{"n° 11135*04", 130},
                             {"attestation de salaire", 100, 500, 40},
                             {"maladie maternité paternité", 150, 500, 30},
                             {"salaire", 900}})
                  .type,
              "ATT_SAL_MAL");
    EXPECT_EQ(only_document({{"attestation de salaire", 100, 500, 40},
                             {"accident du travail - maladie professionnelle", 150, 500, 30},
                             {"salaire brut", 900}})
                  .type,
              "ATT_SAL_AT");
    EXPECT_EQ(only_document({{"attestation de salaire", 100, 500, 40},
                             {"arrêt de travail se prolongeant au-delà de six mois", 150, 400, 30},
                             {"salaire", 900}})
                  .type,
              "ATT_SAL_6M");
}

TEST(Typage, TellsFeuillesDeSoinsApartByWhoGaveTheCare) {
    const auto sheet = [](const std::string& who) {
        return only_document({{"feuille de soins - " + who, 100, 500, 40},
                              {"personne recevant les soins", 400},
                              {"assuré(e)", 600},
                              {"montant", 1500}})
            .type;
    };
    EXPECT_EQ(sheet("médecin"), "FSP_MED");
    EXPECT_EQ(sheet("auxiliaire médical"), "FSP_AUX");
    EXPECT_EQ(sheet("pharmacien ou fournisseur"), "FSP_PHARM");
    EXPECT_EQ(sheet("chirurgien-dentiste"), "FSP_DENT");
    EXPECT_EQ(sheet("laboratoire"), "FSP_BIO");
}

TEST(Typage, AnAgreementThatQuotesThePrescriptionIsAnAgreement) {
    const auto document = only_document({{"n° 11575 *05", 130},
                                         {"DEMANDE D'ACCORD PREALABLE DE TRANSPORT", 100, 500, 40},
                                         {"VALANT PRESCRIPTION MEDICALE", 150, 500, 40},
                                         {"Volet 3 à adresser à l'organisme", 100, 1250},
                                         {"Personne bénéficiaire du transport", 400}});
    EXPECT_EQ(document.type, "DAP_TRANSP");
    EXPECT_EQ(document.volets, (std::map<int, int>{{1, 3}}));
}

TEST(Typage, AppealsToTheTwoCommissionsAreNotConfused) {
    const auto administrative = only_document(
        letter("saisine de la commission de recours amiable", {"Je conteste la décision du 12/09/2026."}));
    EXPECT_EQ(administrative.type, "CRA");
    EXPECT_TRUE(administrative.certain);
    const auto medical = only_document(
        letter("recours médical préalable", {"Je saisis la commission médicale de recours amiable et je conteste",
                                             "le taux d'incapacité permanente qui m'a été notifié."}));
    EXPECT_EQ(medical.type, "CMRA");
    EXPECT_TRUE(medical.certain);
}

TEST(Typage, ATitleInsideASentenceTitlesNothing) {
    const auto document = only_document(
        {{"Pièces à joindre", 120},
         {"votre livret de famille à jour ou un extrait d'acte de naissance avec filiation, et le cas échéant", 300},
         {"la copie de votre carte nationale d'identité ou de votre passeport en cours de validité", 340}});
    EXPECT_FALSE(document.certain);
    EXPECT_EQ(document.type, kUnknownType);
}

TEST(Typage, AFormThatAsksAboutReservesIsNoLetterOfReserves) {
    const auto document = only_document({{"DÉCLARATION D'ACCIDENT DU TRAVAIL", 100, 500, 40},
                                         {"N° SIRET de l'établissement d'attache", 360},
                                         {"Objet dont le contact a blessé la victime", 1300},
                                         {"Eventuelles réserves motivées (joignez une lettre)", 1370},
                                         {"S6200i", 2299, 1366}});
    EXPECT_EQ(document.type, "DAT");
    EXPECT_TRUE(document.certain);
}

TEST(Typage, AnInvoiceOfATradeThatIsNoHealthTradeIsLeftToAPerson) {
    EXPECT_FALSE(only_document({{"FACTURE", 100, 500, 40},
                                {"SIRET 73282932000074", 200},
                                {"total TTC 624,90", 1600},
                                {"facture acquittée", 1700}})
                     .certain);
    const auto document = only_document({{"FACTURE", 100, 500, 40},
                                         {"Optique des Glaneuses, opticien", 200},
                                         {"monture et verres, code LPP 2203240", 900},
                                         {"total TTC 324,90, acquittée", 1600}});
    EXPECT_EQ(document.type, "FACT_PS");
    EXPECT_TRUE(document.certain);
}

TEST(Typage, AnElectronicTransportPrescriptionNeedsOnlyItsTitle) {
    const auto document = only_document({{"Prescription médicale électronique de transport", 100, 500, 40},
                                         {"Exemplaire patient", 200, 800, 30},
                                         {"Patient(e) : VARLIN Odette, née le 12/03/1980", 400},
                                         {"N° de la prescription E FR 01 07P, statut prescrite", 460}});
    EXPECT_EQ(document.type, "PMT");
    EXPECT_TRUE(document.certain);
}

TEST(Typage, ALetterWithoutIntentIsLeftToAPerson) {
    const auto document = only_document(
        letter("", {"Je vous écris comme convenu au téléphone.", "Vous trouverez mes coordonnées ci-dessus."}));
    EXPECT_FALSE(document.certain);
}

TEST(Typage, TheDateOfBirthIsNoBirthCertificate) {
    const auto document = only_document({{"Date de naissance", 120, 500, 40}, {"12/03/1980", 200}});
    EXPECT_NE(document.type, "ETAT_CIVIL");
}

TEST(Typage, AFormOfTheFamilyFundGoesElsewhere) {
    const auto document = only_document({{"Caisse d'allocations familiales", 100, 150, 40},
                                         {"Demande d'aide au logement", 160, 500, 40},
                                         {"numéro allocataire", 500}});
    EXPECT_EQ(document.type, "HORS_CPAM");
}

TEST(Typage, EvidenceOfTheSameRowCountsOnce) {
    Hit hit;
    hit.type = "AAT";
    hit.key = "row";
    hit.weight = 5;
    const auto one = judge({hit}, shipped_tables().settings);
    const auto three = judge({hit, hit, hit}, shipped_tables().settings);
    EXPECT_EQ(one.confidence, three.confidence);
}

TEST(Typage, NothingFoundIsUnknownAndNeverCertain) {
    const auto verdict = judge({}, shipped_tables().settings);
    EXPECT_EQ(verdict.type, kUnknownType);
    EXPECT_FALSE(verdict.certain);
}

}  // namespace
}  // namespace pleiade::reader
