// A mail room with keyers: short words for what they and the supervisors say to the ledger.
#pragma once

#include <string>
#include <vector>

#include "common/domain/nomenclature.h"
#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {

inline constexpr const char* kNir = "255081416802538";  // an invented person's; its key is right
inline constexpr const char* kNirWrongKey = "255081416802539";

class KeyingRoom : public MailRoom {
  protected:
    KeyingRoom();

    // A pli of `pages` pages, one document each, all to key; its id.
    std::string pli_to_key(const std::string& rank, int pages = 1,
                           const std::string& due = "2026-11-20T18:00:00+01:00");

    Result<v1::KeyingJobs> next(const std::string& by, const std::string& scope = "pli", const std::string& key = "");
    Result<v1::KeyingJobs> next(const v1::NextToKey& next, const std::string& key = "");
    Result<v1::KeyingJobs> open_job(const std::string& id, const std::string& by, bool medical = true);
    v1::KeyingJob only(const Result<v1::KeyingJobs>& jobs);  // the one job; fails the test otherwise
    Result<v1::KeyingLease> renew(const v1::KeyingJob& job);
    Result<v1::DraftSaved> draft(const v1::KeyingJob& job, const std::string& path, const std::string& value);
    Result<v1::KeyingEnded> give_back(const v1::KeyingJob& job, const std::string& key = "");
    Result<v1::KeyingEnded> hold(const v1::KeyingJob& job, const std::string& code, const std::string& key = "");
    Result<v1::KeyingEnded> send(const v1::KeyingJob& job, const std::string& to, const std::string& skill = "",
                                 const std::string& key = "");
    Result<v1::KeyingValidated> validate(const v1::ValidateKeying& keyed, const std::string& key = "");
    Result<v1::KeyingJobs> undo(const std::string& by, const std::string& id = "", const std::string& key = "");
    Result<v1::Recalled> recall_document(const std::string& document, const std::string& key = "");
    Result<v1::Acted> answer(const std::string& document, const std::string& service, bool accept,
                             const std::string& key = "");
    v1::RecoveryOutcome recover(const std::string& verb, const std::string& id, const std::string& extra = "",
                                const std::string& key = "");
    Result<v1::Recovered> recover_all(const v1::Recover& recovery, const std::string& key = "");

    // The job's documents as they are, of type FSP with an absent NIR: what a keyer who agrees would send.
    v1::ValidateKeying agreed(const v1::KeyingJob& job);
    // Routes what waits for the router: each document to 595/IJ, with nothing left to key.
    void route_all(const std::string& service = "IJ");
    int entries(const std::string& pli, const std::string& kind);  // of its history

    Nomenclature types_;
};

}  // namespace pleiade::ledger
