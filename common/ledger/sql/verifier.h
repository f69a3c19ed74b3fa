// The checks of verify(), one pli after the other so that memory does not grow with the ledger. Private to
// common/ledger.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/ledger/sql/database.h"
#include "common/ledger/sql/totals.h"
#include "common/ledger/verify.h"

namespace pleiade::ledger {

class Verifier {
  public:
    Verifier(Database& database, const vault::Vault* vault) : database_(database), vault_(vault) {}

    Result<Verified> run_all();

  private:
    struct Pli {
        std::int64_t n = 0;
        std::string id;
        std::string state;
        std::string files_key;
    };
    // What the audit entries of one pli say.
    struct Fold {
        std::string pli_state;
        std::map<std::int64_t, std::string> documents;    // number -> state
        std::map<std::string, std::string> deliveries;    // id -> state
        std::map<std::string, std::string> destinations;  // id -> "caisse/service"
        std::vector<std::string> readings;                // SHA-256 of each, in order
        bool is_read = false;                             // the last of them stands
        std::string decisions_sha256;
    };

    Result<void> check_file();
    Result<void> check_chain();
    Result<void> check_plis();
    Result<void> check_pli(const Pli& pli);
    Result<Fold> fold(const Pli& pli);
    Result<void> check_contents(const Pli& pli, const Fold& fold);
    Result<void> check_past_readings(const Pli& pli, const Fold& fold);
    Result<void> check_reasons(const Pli& pli);
    Result<void> check_pages(const Pli& pli);
    Result<void> check_documents(const Pli& pli, const Fold& fold);
    Result<void> check_deliveries(const Pli& pli, const Fold& fold);
    Result<void> check_stored_files(const Pli& pli);
    Result<void> check_lots();
    Result<void> check_totals();

    Database& database_;
    const vault::Vault* vault_;
    Verified found_;
    Totals recount_;
    std::int64_t entries_of_plis_ = 0;
};

}  // namespace pleiade::ledger
