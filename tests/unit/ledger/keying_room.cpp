#include "tests/unit/ledger/keying_room.h"

#include <fmt/format.h>

namespace pleiade::ledger {
namespace {

// The same request as one of the hub: the digest tells one key's two requests apart.
template <class Message>
Asked asked(const Message& message, const std::string& key) {
    return {message.by(), key, digest(message.SerializeAsString())};
}

}  // namespace

#define SAY(call)              \
    ledger_->begin();          \
    const auto answer_ = call; \
    ledger_->commit();         \
    return answer_

KeyingRoom::KeyingRoom() {
    types_ = Nomenclature::parse(
                 "code;label_fr;cerfa;s_ref;anchors;service;copy_to;parts;priority;role;secrecy;required;"
                 "typical_pages;daily_share_pct\n"
                 "FSP;Feuille de soins;;;;FSP;;;P3;master;normal;nir;1;50\n"
                 "AAT;Avis d'arrêt;;;;IJ;;;P1;master;medical;nir|period_from;1;40\n"
                 "RIB;RIB;;;;GDB;;;P3;master_or_attachment;normal;iban;1;10\n",
                 "nomenclature.csv")
                 .value();
    options_.types = &types_;
    restart();
}

std::string KeyingRoom::pli_to_key(const std::string& rank, int pages, const std::string& due) {
    const std::string pli = register_new("L1", rank, pages);
    std::vector<std::vector<int>> documents;
    v1::Done decisions;
    for (int page = 1; page <= pages; ++page) {
        documents.push_back({page});
        v1::Decision decision = decision_of(page, "IJ", due);
        decision.set_kind("keying");
        *decisions.mutable_decisions()->add_decisions() = decision;
    }
    read_and_route(reading_of(documents), decisions);
    return pli;
}

Result<v1::KeyingJobs> KeyingRoom::next(const std::string& by, const std::string& scope, const std::string& key) {
    v1::NextToKey message;
    message.set_by(by);
    message.set_scope(scope);
    message.set_medical(true);
    return next(message, key);
}

Result<v1::KeyingJobs> KeyingRoom::next(const v1::NextToKey& message, const std::string& key) {
    SAY(ledger_->next_to_key(asked(message, key), message));
}

Result<v1::KeyingJobs> KeyingRoom::open_job(const std::string& id, const std::string& by, bool medical) {
    v1::OpenToKey message;
    message.set_id(id);
    message.set_by(by);
    message.set_medical(medical);
    SAY(ledger_->open_to_key(asked(message, ""), message));
}

v1::KeyingJob KeyingRoom::only(const Result<v1::KeyingJobs>& jobs) {
    EXPECT_TRUE(jobs.has_value()) << (jobs ? "" : jobs.error().code);
    if (!jobs || jobs->jobs_size() != 1) {
        ADD_FAILURE() << "not one job";
        return {};
    }
    return jobs->jobs(0);
}

Result<v1::KeyingLease> KeyingRoom::renew(const v1::KeyingJob& job) {
    v1::RenewKeying message;
    message.set_id(job.lease().id());
    message.set_by(job.lease().by());
    message.set_fence(job.lease().fence());
    SAY(ledger_->renew_keying(asked(message, ""), message));
}

Result<v1::DraftSaved> KeyingRoom::draft(const v1::KeyingJob& job, const std::string& path, const std::string& value) {
    v1::SaveDraft message;
    message.set_id(job.lease().id());
    message.set_by(job.lease().by());
    message.set_fence(job.lease().fence());
    v1::DraftEntry& entry = *message.add_entries();
    entry.set_path(path);
    entry.set_value(value);
    SAY(ledger_->save_draft(asked(message, ""), message));
}

Result<v1::KeyingEnded> KeyingRoom::give_back(const v1::KeyingJob& job, const std::string& key) {
    v1::ReleaseKeying message;
    message.set_id(job.lease().id());
    message.set_by(job.lease().by());
    message.set_fence(job.lease().fence());
    SAY(ledger_->release_keying(asked(message, key), message));
}

Result<v1::KeyingEnded> KeyingRoom::hold(const v1::KeyingJob& job, const std::string& code, const std::string& key) {
    v1::HoldKeying message;
    message.set_id(job.lease().id());
    message.set_by(job.lease().by());
    message.set_fence(job.lease().fence());
    message.set_code(code);
    message.set_note("a rare form");
    SAY(ledger_->hold_keying(asked(message, key), message));
}

Result<v1::KeyingEnded> KeyingRoom::send(const v1::KeyingJob& job, const std::string& to, const std::string& skill,
                                         const std::string& key) {
    v1::SendKeying message;
    message.set_id(job.lease().id());
    message.set_by(job.lease().by());
    message.set_fence(job.lease().fence());
    message.set_to(to);
    message.set_skill(skill);
    message.set_note("for you");
    SAY(ledger_->send_keying(asked(message, key), message));
}

Result<v1::KeyingValidated> KeyingRoom::validate(const v1::ValidateKeying& message, const std::string& key) {
    SAY(ledger_->validate_keying(asked(message, key), message));
}

Result<v1::KeyingJobs> KeyingRoom::undo(const std::string& by, const std::string& id, const std::string& key) {
    v1::UndoKeying message;
    message.set_by(by);
    message.set_id(id);
    SAY(ledger_->undo_keying(asked(message, key), message));
}

Result<v1::Recalled> KeyingRoom::recall_document(const std::string& document, const std::string& key) {
    v1::RecallDocument message;
    message.set_document(document);
    message.set_by("super");
    message.set_reason("wrong type");
    SAY(ledger_->recall(asked(message, key), message));
}

Result<v1::Acted> KeyingRoom::answer(const std::string& document, const std::string& service, bool accept,
                                     const std::string& key) {
    v1::AnswerRecall message;
    message.set_document(document);
    message.set_by("ij-1");
    message.set_caisse("595");
    message.set_service(service);
    message.set_accept(accept);
    SAY(ledger_->answer_recall(asked(message, key), message));
}

Result<v1::Recovered> KeyingRoom::recover_all(const v1::Recover& recovery, const std::string& key) {
    SAY(ledger_->recover(asked(recovery, key), recovery));
}

v1::RecoveryOutcome KeyingRoom::recover(const std::string& verb, const std::string& id, const std::string& extra,
                                        const std::string& key) {
    v1::Recover message;
    message.set_verb(verb);
    message.set_by("super");
    message.set_reason("because the reader was replaced");
    message.add_ids(id);
    if (verb == "reclassify") message.set_type(extra);
    if (verb == "reject" || verb == "hold") message.set_code(extra);
    if (verb == "un-quarantine") message.set_to(extra);
    const auto recovered = recover_all(message, key);
    EXPECT_TRUE(recovered.has_value()) << (recovered ? "" : recovered.error().code);
    return recovered ? recovered->outcomes(0) : v1::RecoveryOutcome();
}

v1::ValidateKeying KeyingRoom::agreed(const v1::KeyingJob& job) {
    v1::ValidateKeying keyed;
    keyed.set_id(job.lease().id());
    keyed.set_by(job.lease().by());
    keyed.set_fence(job.lease().fence());
    for (const auto& document : job.documents()) {
        v1::KeyedDocument& said = *keyed.add_documents();
        said.set_number(document.reading().id());
        said.set_type("FSP");
        *said.mutable_pages() = document.reading().pages();
        if (document.reading().has_attached_to()) said.set_attached_to(document.reading().attached_to());
        v1::KeyedField& field = *said.add_fields();
        field.set_name("nir");
        field.set_state("absent");
    }
    return keyed;
}

void KeyingRoom::route_all(const std::string& service) {
    while (const auto task = lease("router-1", {"route"})) {
        v1::Done done;
        for (const auto& document : task->lease.reading().documents()) {
            *done.mutable_decisions()->add_decisions() = decision_of(document.id(), service);
        }
        ASSERT_EQ(finish(*task, done).value(), Verdict::Accepted);
    }
}

int KeyingRoom::entries(const std::string& pli, const std::string& kind) {
    int found = 0;
    const auto view = reader_->pli(pli);
    for (const auto& event : view->history()) found += event.kind() == kind ? 1 : 0;
    return found;
}

}  // namespace pleiade::ledger
