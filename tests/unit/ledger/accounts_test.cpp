// Accounts, sessions, keys and views in the store, and in its journal.
#include "common/ledger/sqlite/schema.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "common/ledger/sqlite/store_guard.h"
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

class Accounts : public KeyingRoom {
  protected:
    template <class Reply, class Command>
    Result<Reply> say(Result<Reply> (Ledger::*apply)(const Asked&, const Command&), const Command& command,
                      const std::string& key = "") {
        ledger_->begin();
        auto reply = (ledger_.get()->*apply)(
            {command.by(), key, key.empty() ? "" : digest(command.SerializeAsString())}, command);
        ledger_->commit();
        return reply;
    }
    static v1::SaveAccount account(const std::string& name, const std::vector<std::string>& roles, bool create = true) {
        v1::SaveAccount save;
        save.set_by("admin");
        save.set_create(create);
        save.set_password_hash(create ? "$argon2id$x" : "");
        save.mutable_account()->set_name(name);
        for (const auto& role : roles) save.mutable_account()->add_roles(role);
        return save;
    }
    Result<v1::AccountSaved> save(const v1::SaveAccount& command) { return say(&Ledger::save_account, command); }
    Result<v1::SessionView> sign_in(const std::string& name, char id, const std::string& former = "") {
        v1::OpenSession open;
        open.set_by(name);
        open.set_id_hash(std::string(32, id));
        open.set_method("password");
        open.set_former_id_hash(former);
        return say(&Ledger::open_session, open);
    }
    bool signed_in(char id) {
        v1::SessionQuery query;
        query.set_id_hash(std::string(32, id));
        return reader_->session(query).has_value();
    }
    int fail(const std::string& name) {
        v1::NoteLoginFailure failure;
        failure.set_by(name);
        failure.set_method("password");
        return say(&Ledger::note_login_failure, failure)->failures();
    }
    Result<v1::AccountSaved> set_state(const std::string& name, const std::string& state) {
        v1::SetAccountState command;
        command.set_by("admin");
        command.set_name(name);
        command.set_state(state);
        return say(&Ledger::set_account_state, command);
    }
    std::vector<std::string> journal() {
        std::vector<std::string> kinds;
        const auto events = reader_->events(0, 500, true);
        for (const auto& event : events.events()) kinds.push_back(event.kind());
        return kinds;
    }
    bool in_journal(const std::string& kind) {
        const auto kinds = journal();
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }
};

class AccountsFile : public Accounts {};

TEST_P(Accounts, SurviveARestartWithTheirRights) {
    auto ann = account("ann", {"keyer", "supervisor"});
    ann.mutable_account()->set_medical(true);
    ann.mutable_account()->add_caisses("595");
    ann.mutable_account()->add_skills("at");
    ASSERT_TRUE(save(ann).has_value());
    ASSERT_TRUE(sign_in("ann", 'a').has_value());
    restart();
    v1::CredentialQuery query;
    query.set_name("ann");
    const auto credential = reader_->credential(query);
    ASSERT_TRUE(credential.has_value());
    EXPECT_EQ(credential->password_hash(), "$argon2id$x");
    EXPECT_EQ(credential->account().roles_size(), 2);
    EXPECT_TRUE(credential->account().medical());
    EXPECT_EQ(credential->account().caisses(0), "595");
    EXPECT_TRUE(signed_in('a'));
    EXPECT_TRUE(in_journal("account.created"));
    EXPECT_TRUE(in_journal("session.opened"));
    expect_whole();
}

TEST_P(Accounts, KeepContentApartFromAuditAndFromTheMachine) {
    const auto before = journal().size();
    EXPECT_FALSE(save(account("x", {"technical_admin", "keyer"})).has_value());
    EXPECT_FALSE(save(account("x", {"auditor", "supervisor"})).has_value());
    auto medical = account("x", {"technical_admin"});
    medical.mutable_account()->set_medical(true);
    EXPECT_FALSE(save(medical).has_value());
    EXPECT_FALSE(save(account("x", {"service_agent"})).has_value()) << "an agent names services";
    EXPECT_FALSE(save(account("x", {"emperor"})).has_value());
    EXPECT_FALSE(save(account("x", {})).has_value());
    EXPECT_FALSE(save(account("X y", {"keyer"})).has_value());
    EXPECT_EQ(journal().size(), before) << "nothing was written";
}

TEST_P(Accounts, ANameNeverServesTwice) {
    ASSERT_TRUE(save(account("ann", {"keyer"})).has_value());
    EXPECT_EQ(save(account("ann", {"keyer"})).error().code, "ACCOUNT_EXISTS");
    ASSERT_TRUE(set_state("ann", "REMOVED").has_value());
    EXPECT_EQ(save(account("ann", {"keyer"})).error().code, "ACCOUNT_EXISTS");
    EXPECT_EQ(save(account("ann", {"keyer"}, false)).error().code, "ACCOUNT_UNKNOWN");
    EXPECT_TRUE(in_journal("account.removed"));
}

TEST_P(Accounts, EveryChangeOfRightsEndsTheSessions) {
    ASSERT_TRUE(save(account("ann", {"keyer"})).has_value());
    sign_in("ann", 'a');
    ASSERT_TRUE(save(account("ann", {"supervisor"}, false)).has_value());
    EXPECT_FALSE(signed_in('a'));
    sign_in("ann", 'b');
    ASSERT_TRUE(set_state("ann", "LOCKED").has_value());
    EXPECT_FALSE(signed_in('b'));
    EXPECT_EQ(sign_in("ann", 'c').error().code, "SESSION_REFUSED");
    ASSERT_TRUE(set_state("ann", "ACTIVE").has_value());
    sign_in("ann", 'd');
    sign_in("ann", 'e');
    v1::SetPassword password;
    password.set_by("ann");
    password.set_name("ann");
    password.set_password_hash("$argon2id$y");
    password.set_keep_session(std::string(32, 'd'));
    ASSERT_TRUE(say(&Ledger::set_password, password).has_value());
    EXPECT_TRUE(signed_in('d'));
    EXPECT_FALSE(signed_in('e'));
    expect_whole();
}

TEST_P(Accounts, ASignInEndsTheBrowsersFormerSession) {
    ASSERT_TRUE(save(account("ann", {"keyer"})).has_value());
    sign_in("ann", 'a');
    sign_in("ann", 'b', std::string(32, 'a'));
    EXPECT_FALSE(signed_in('a'));
    EXPECT_TRUE(signed_in('b'));
}

TEST_P(Accounts, TenWrongPasswordsLockForAWhileAndARestartDoesNotForget) {
    ASSERT_TRUE(save(account("ann", {"keyer"})).has_value());
    for (int i = 1; i <= 9; ++i) EXPECT_EQ(fail("ann"), i);
    EXPECT_TRUE(sign_in("ann", 'a').has_value()) << "a good sign-in forgets them";
    for (int i = 1; i <= 10; ++i) EXPECT_EQ(fail("ann"), i);
    EXPECT_EQ(sign_in("ann", 'b').error().code, "SESSION_REFUSED");
    restart();
    EXPECT_EQ(sign_in("ann", 'b').error().code, "SESSION_REFUSED");
    clock_.advance(std::chrono::minutes(16));
    EXPECT_TRUE(sign_in("ann", 'b').has_value());
    EXPECT_TRUE(in_journal("login.failed"));
    expect_whole();
}

TEST_P(Accounts, AKeyIsFoundByItsDigestUntilItIsRevoked) {
    v1::AddApiKey add;
    add.set_by("admin");
    add.set_name("ij-595");
    add.set_caisse("595");
    add.set_service("IJ");
    add.set_key_hash(std::string(32, 'k'));
    ASSERT_TRUE(say(&Ledger::add_api_key, add).has_value());
    EXPECT_EQ(say(&Ledger::add_api_key, add).error().code, "KEY_EXISTS");
    v1::ApiKeyQuery query;
    query.set_key_hash(add.key_hash());
    ASSERT_TRUE(reader_->api_key(query).has_value());
    v1::RevokeApiKey revoke;
    revoke.set_by("admin");
    revoke.set_name("ij-595");
    ASSERT_TRUE(say(&Ledger::revoke_api_key, revoke).has_value());
    EXPECT_FALSE(reader_->api_key(query).has_value());
    EXPECT_EQ(reader_->api_keys().keys_size(), 1);
    expect_whole();
}

TEST_P(Accounts, WhoSawAPageIsInItsStoryAndNotInTheLiveFeed) {
    open_lot("L1", 1);
    const std::string pli = register_new("L1", "0001", 2);
    const auto before = reader_->events(0, 500).events_size();
    v1::NoteViews note;
    note.set_by("gateway");
    for (const int page : {1, 2, 1}) {
        v1::PageView& view = *note.add_views();
        view.set_by("ann");
        view.set_pli_id(pli);
        view.add_pages(page);
        view.set_what("image");
    }
    ASSERT_TRUE(say(&Ledger::note_views, note).has_value());
    v1::StoryQuery query;
    query.set_id(pli);
    const auto story = reader_->story(query);
    const auto& last = story->events(story->events_size() - 1).event();
    EXPECT_EQ(last.kind(), "page.seen");
    EXPECT_EQ(last.actor(), "ann");
    EXPECT_EQ(last.detail(), "1,2") << "one entry for what one person saw in one moment";
    EXPECT_EQ(reader_->events(0, 500).events_size(), before);
    const auto view = reader_->pli(pli);
    for (const auto& event : view->history()) EXPECT_NE(event.kind(), "page.seen") << "neither where screens look";
    note.mutable_views(0)->set_pli_id(std::string(32, '0'));
    EXPECT_EQ(say(&Ledger::note_views, note).error().code, "PLI_UNKNOWN");
    expect_whole();
}

TEST_P(AccountsFile, AreMadeEmptyByTheMigrationFromTheSecondSchema) {
    ledger_.reset();
    reader_.reset();
    std::filesystem::remove_all(options_.folder);
    std::filesystem::create_directories(options_.folder);
    {
        SqliteDatabase database(store_path(options_.folder), SqliteDatabase::Mode::Write);
        migrate(database, 2);
    }
    open();
    EXPECT_EQ(reader_->accounts({})->accounts_size(), 0);
    ASSERT_TRUE(save(account("ann", {"keyer"})).has_value());
    EXPECT_EQ(reader_->accounts({})->accounts_size(), 1);
    expect_whole();
}

ON_BOTH_ENGINES(Accounts);
ON_ONE_ENGINE(AccountsFile, Engine::Sqlite);

}  // namespace
}  // namespace pleiade::ledger
