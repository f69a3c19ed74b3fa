#include "tests/mail/attachments.h"

#include <map>

namespace pleiade::mail {

const std::vector<UsualAttachment>& usual_attachments(const std::string& master_type) {
    static const std::map<std::string, std::vector<UsualAttachment>> kUsual = {
        {"FSP_MED", {{"ORDONNANCE", 0.75}, {"ORDONNANCE", 0.15}}},
        {"FSP_AUX", {{"ORDONNANCE", 0.95}, {"ORDONNANCE", 0.15}}},
        {"FSP_PHARM", {{"ORDONNANCE", 0.97}, {"ORDONNANCE", 0.3}}},
        {"FSP_DENT", {{"ORDONNANCE", 0.3}}},
        {"FSP_BIO", {{"ORDONNANCE", 0.97}}},
        {"C2S", {{"AVIS_IMPOT", 0.95}, {"IDENTITE", 0.8}, {"RIB", 0.45}, {"BULL_SAL", 0.4}, {"HEBERG", 0.2}}},
        {"C2S_ADH", {{"RIB", 0.9}}},
        {"AME", {{"IDENTITE", 0.95}, {"HEBERG", 0.7}}},
        {"ATT_SAL_MAL", {{"RIB", 0.5}}},
        {"ATT_SAL_6M", {{"BULL_SAL", 0.3}}},
        {"ATT_SAL_AT", {{"RIB", 0.4}}},
        {"MUTATION", {{"RIB", 0.8}, {"IDENTITE", 0.4}}},
        {"PUMA", {{"IDENTITE", 0.9}, {"RIB", 0.6}, {"ETAT_CIVIL", 0.4}}},
        {"RATT_ENF", {{"ETAT_CIVIL", 0.7}}},
        {"VITALE", {{"IDENTITE", 0.9}}},
        {"INVALIDITE", {{"AVIS_IMPOT", 0.7}, {"RIB", 0.7}}},
        {"INV_VEUF", {{"ETAT_CIVIL", 0.8}}},
        {"RESS_INV", {{"AVIS_IMPOT", 0.7}}},
        {"CAPITAL_DC", {{"ETAT_CIVIL", 0.9}, {"RIB", 0.7}}},
        {"CURE", {{"AVIS_IMPOT", 0.6}}},
        {"CHGT_ADRESSE", {{"HEBERG", 0.4}, {"IDENTITE", 0.2}}},
        {"SOINS_ETR", {{"FACT_PS", 0.8}}},
        {"PATERNITE", {{"ETAT_CIVIL", 0.9}}},
        {"ASS", {{"AVIS_IMPOT", 0.8}, {"RIB", 0.6}, {"BULL_SAL", 0.4}}},
        {"FACT_PS", {{"ORDONNANCE", 0.5}}},
        {"PJ_FSE",
         {{"ORDONNANCE", 1},
          {"ORDONNANCE", 1},
          {"ORDONNANCE", 1},
          {"ORDONNANCE", 0.8},
          {"ORDONNANCE", 0.8},
          {"ORDONNANCE", 0.6},
          {"ORDONNANCE", 0.6}}},
        {"REMISE_DETTE", {{"BULL_SAL", 0.3}, {"AVIS_IMPOT", 0.2}}},
    };
    static const std::vector<UsualAttachment> kNone;
    const auto found = kUsual.find(master_type);
    return found == kUsual.end() ? kNone : found->second;
}

double registered_share(const std::string& master_type) {
    static const std::map<std::string, double> kShares = {{"CRA", 0.8},         {"CMRA", 0.8},        {"DAT", 0.3},
                                                          {"RESERVES_AT", 0.8}, {"REQUISITION", 0.5}, {"RGPD", 0.4},
                                                          {"MEDIATION", 0.2},   {"RECLAMATION", 0.05}};
    const auto found = kShares.find(master_type);
    return found == kShares.end() ? 0.004 : found->second;
}

}  // namespace pleiade::mail
