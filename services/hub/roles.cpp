#include "services/hub/roles.h"

#include "common/bus/allowed_keys.h"

namespace pleiade::hub {
namespace {

using Rows = std::map<std::string, std::set<std::string>>;

const Rows kWork = {
    {"OpenLot", {"scanner", "ops"}},  // ops: `pleiade submit`
    {"Register", {"scanner", "ops"}}, {"Reject", {"scanner", "ops"}}, {"Ready", {"reader", "router"}},
    {"Renew", {"reader", "router"}},  {"Done", {"reader", "router"}}, {"Nack", {"reader", "router"}},
    {"FetchFile", {"reader"}},        {"CheckFile", {"reader"}},
};

const Rows kDesk = {
    {"StatusQuery", {"gateway", "ops"}},
    {"WorkersQuery", {"gateway", "ops"}},
    {"WantReaders", {"ops"}},
    {"DrainWorker", {"ops"}},
    // mail
    {"DocumentsQuery", {"gateway"}},
    {"DocumentQuery", {"gateway"}},
    {"PliQuery", {"gateway", "ops"}},
    {"EventsQuery", {"gateway", "ops"}},
    {"RejectionsQuery", {"gateway"}},
    {"AsideQuery", {"gateway"}},
    {"LotsQuery", {"gateway"}},
    {"FiguresQuery", {"gateway"}},
    {"SearchQuery", {"gateway", "ops"}},
    {"StoryQuery", {"gateway", "ops"}},
    {"Recover", {"gateway", "ops"}},
    {"NoteViews", {"gateway"}},
    {"FetchFile", {"gateway", "ops"}},  // ops: `pleiade letters corrections`
    {"CheckFile", {"gateway", "ops"}},
    // services
    {"Take", {"gateway"}},
    {"Acknowledge", {"gateway"}},
    {"ReturnToPlatform", {"gateway"}},
    {"Release", {"gateway"}},
    // keying
    {"KeyingStockQuery", {"gateway"}},
    {"NextToKey", {"gateway"}},
    {"OpenToKey", {"gateway"}},
    {"RenewKeying", {"gateway"}},
    {"SaveDraft", {"gateway"}},
    {"ReleaseKeying", {"gateway"}},
    {"HoldKeying", {"gateway"}},
    {"SendKeying", {"gateway"}},
    {"ValidateKeying", {"gateway"}},
    {"UndoKeying", {"gateway"}},
    {"RecallsQuery", {"gateway"}},
    {"RecallDocument", {"gateway"}},
    {"AnswerRecall", {"gateway"}},
    // accounts
    {"AccountsQuery", {"gateway", "ops"}},
    {"SaveAccount", {"gateway", "ops"}},
    {"SetAccountState", {"gateway", "ops"}},
    {"SetPassword", {"gateway", "ops"}},
    {"CredentialQuery", {"gateway"}},
    {"NoteLoginFailure", {"gateway"}},
    {"SessionQuery", {"gateway"}},
    {"OpenSession", {"gateway"}},
    {"TouchSession", {"gateway"}},
    {"CloseSession", {"gateway"}},
    {"ApiKeyQuery", {"gateway"}},
    {"ApiKeysQuery", {"gateway", "ops"}},
    {"AddApiKey", {"gateway", "ops"}},
    {"RevokeApiKey", {"gateway", "ops"}},
};

const Rows kStages = {{"read", {"reader"}}, {"route", {"router"}}};

bool stands_in(const Rows& rows, const std::string& what, const std::string& role) {
    if (role == bus::kLocalRole) return true;
    const auto row = rows.find(what);
    return row != rows.end() && row->second.contains(role);
}

}  // namespace

const Rows& rows_of(Door door) {
    return door == Door::Work ? kWork : kDesk;
}

bool role_may_say(Door door, const std::string& role, const std::string& message) {
    return stands_in(rows_of(door), message, role);
}

bool role_may_work(const std::string& role, const std::string& stage) {
    return stands_in(kStages, stage, role);
}

}  // namespace pleiade::hub
