// Finding plis again: by what people hold in their hands, and by a number that is written nowhere.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "common/ledger/nir_digest.h"
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

class Search : public KeyingRoom {
  protected:
    std::string received(const std::string& lot, const std::string& rank, const std::string& day,
                         const std::string& registered_mail = "", const std::string& endorser = "") {
        v1::Register pli = pli_of(lot, rank, 1, lot + rank);
        pli.mutable_context()->set_received_on(day);
        pli.mutable_context()->set_registered_mail(registered_mail);
        if (!endorser.empty())
            pli.set_manifest_json(fmt::format(R"({{"pli":"{}","endorsers":["{}"]}})", rank, endorser));
        return register_pli(pli, digest(lot + rank)).value().pli_id();
    }
    std::vector<std::string> found(const v1::SearchQuery& query) {
        std::vector<std::string> ids;
        const auto page = reader_->search(query);
        EXPECT_TRUE(page.has_value()) << (page ? "" : page.error().code);
        if (page) {
            for (const auto& pli : page->plis()) ids.push_back(pli.id());
        }
        return ids;
    }
    template <class Set>
    std::vector<std::string> by(Set set) {
        v1::SearchQuery query;
        set(query);
        return found(query);
    }
    using Ids = std::vector<std::string>;
};

class SearchFile : public Search {};

TEST_P(Search, FindsAPliByWhatIsWrittenOnIt) {
    const std::string a = received("L1", "0001", "2026-11-20", "1A12345678901", "A0001230");
    const std::string b = received("L1", "0002", "2026-11-21");
    EXPECT_EQ(by([&](auto& q) { q.set_pli(a); }), Ids{a});
    EXPECT_EQ(by([&](auto& q) { q.set_pli(a.substr(0, 10)); }), Ids{a});
    EXPECT_EQ(by([&](auto& q) { q.set_pli("0002"), q.set_lot("L1"); }), Ids{b});
    EXPECT_EQ(by([&](auto& q) { q.set_lot("L1"); }), (Ids{b, a}));
    EXPECT_EQ(by([&](auto& q) { q.set_registered_mail("1A12345678901"); }), Ids{a});
    EXPECT_EQ(by([&](auto& q) { q.set_registered_mail("1a 123 456 7890 1"); }), Ids{a});
    EXPECT_EQ(by([&](auto& q) { q.set_endorser("A0001230"); }), Ids{a});
    EXPECT_EQ(by([&](auto& q) { q.set_received_from("2026-11-21"); }), Ids{b});
    EXPECT_EQ(by([&](auto& q) { q.set_received_to("2026-11-20"); }), Ids{a});
    EXPECT_EQ(by([&](auto& q) { q.set_lot("L9"); }), Ids{});
    v1::SearchQuery vague;
    vague.set_pli("0001");
    EXPECT_EQ(reader_->search(vague).error().code, "SEARCH_PLI_INVALID");
}

TEST_P(Search, FindsByTypeServiceAndState) {
    const std::string queued = queue_one("L1", "0001").substr(0, 32);
    const std::string waiting = pli_to_key("0002");
    EXPECT_EQ(by([](auto& q) { q.set_type("AAT"); }), (Ids{waiting, queued}));
    EXPECT_EQ(by([](auto& q) { q.set_type("AAT"), q.set_state("QUEUED"); }), Ids{queued});
    EXPECT_EQ(by([](auto& q) { q.set_service("IJ"), q.set_state("TO_KEY"); }), Ids{waiting});
    EXPECT_EQ(by([](auto& q) { q.set_state("TO_KEY"); }), Ids{waiting});
    EXPECT_EQ(by([](auto& q) { q.set_caisse("131"), q.set_type("AAT"); }), Ids{});
    EXPECT_EQ(by([](auto& q) { q.set_caisse("595"); }), (Ids{waiting, queued}));
    EXPECT_EQ(by([](auto& q) { q.set_caisse("131"); }), Ids{});
    EXPECT_EQ(by([](auto& q) { q.set_type("RIB"), q.set_state("TO_KEY"); }), Ids{});
    EXPECT_EQ(by([](auto& q) { q.set_caisse("595"), q.set_type("AAT"), q.set_lot("L1"); }), (Ids{waiting, queued}));
}

TEST_P(Search, DoesNotFindAPliByATypeThatWasAMistake) {
    const std::string pli = queue_one("L1", "0001").substr(0, 32);
    EXPECT_TRUE(recover("re-read", pli).ok());
    EXPECT_EQ(by([](auto& q) { q.set_type("AAT"); }), Ids{});
    EXPECT_EQ(by([](auto& q) { q.set_type("AAT"), q.set_state("SUPERSEDED"); }), Ids{pli});
    EXPECT_EQ(by([](auto& q) { q.set_state("SUPERSEDED"); }), Ids{pli});
}

TEST_P(Search, FindsATypeWithinDaysWhateverTheirOrder) {
    const auto to_route = [&](const std::string& rank, const std::string& day) {
        const auto pli = received("L1", rank, day);
        read_and_route(reading_of({{1}}), routed(1, "IJ"));
        return pli;
    };
    const std::string second = to_route("0001", "2026-11-20");
    const std::string third = to_route("0002", "2026-11-21");
    const std::string late = to_route("0003", "2026-11-20");  // came with the next day's mail
    const std::string first = to_route("0004", "2026-11-18");
    const auto within = [&](const char* from, const char* to) {
        return by([&](auto& q) { q.set_type("AAT"), q.set_received_from(from), q.set_received_to(to); });
    };
    EXPECT_EQ(within("2026-11-20", "2026-11-20"), (Ids{late, second}));
    EXPECT_EQ(within("2026-11-19", "2026-11-21"), (Ids{late, third, second}));
    EXPECT_EQ(within("2026-11-01", "2026-11-19"), Ids{first});
    EXPECT_EQ(within("2026-11-22", "2026-11-30"), Ids{});
    EXPECT_EQ(within("2020-01-01", "2030-01-01"), (Ids{first, late, third, second}));
}

TEST_P(Search, GivesPagesThatNeitherRepeatNorSkip) {
    Ids all;
    for (int i = 0; i < 7; ++i) all.push_back(received("L1", std::to_string(i), "2026-11-2" + std::to_string(i % 3)));
    for (const bool dates : {false, true}) {
        v1::SearchQuery query;
        query.set_limit(3);
        if (dates) query.set_received_from("2026-11-20");
        if (!dates) query.set_lot("L1");
        Ids seen;
        for (;;) {
            const auto page = reader_->search(query);
            ASSERT_TRUE(page.has_value()) << page.error().code;
            for (const auto& pli : page->plis()) seen.push_back(pli.id());
            if (page->next_cursor().empty()) break;
            query.set_cursor(page->next_cursor());
        }
        EXPECT_EQ(seen.size(), 7u);
        EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), std::set<std::string>(all.begin(), all.end()));
        query.set_cursor("x");
        EXPECT_EQ(reader_->search(query).error().code, "CURSOR_INVALID");
    }
}

TEST_P(Search, FindsAPersonByADigestThatOnlyTheKeyCanMake) {
    const std::string pli = register_new("L1", "0001");
    v1::Done reading = reading_of({{1}});
    v1::FieldValue& nir = *reading.mutable_reading()->mutable_documents(0)->add_fields();
    nir.set_name("nir");
    nir.set_value(kNir);
    nir.set_status("valid");
    nir.set_page(1);
    read_and_route(reading, routed(1, "IJ"));
    EXPECT_EQ(by([](auto& q) { q.set_nir(kNir); }), Ids{pli});
    EXPECT_EQ(by([](auto& q) { q.set_nir("2 55 08 14 168 025"); }), Ids{pli});  // without its key
    EXPECT_EQ(by([](auto& q) { q.set_nir("1850578006048"); }), Ids{});
    v1::SearchQuery wrong;
    wrong.set_nir(kNirWrongKey);
    EXPECT_EQ(reader_->search(wrong).error().code, "NIR_INVALID");
    EXPECT_EQ(reader_->search(wrong).error().message.find("2550"), std::string::npos);
    // Read again, it is no longer found by what was read before.
    recover("re-read", pli);
    EXPECT_EQ(by([](auto& q) { q.set_nir(kNir); }), Ids{});
}

TEST_P(Search, DoesNotFindByANumberThatDidNotPassItsCheck) {
    register_new("L1", "0001");
    v1::Done reading = reading_of({{1}});
    v1::FieldValue& nir = *reading.mutable_reading()->mutable_documents(0)->add_fields();
    nir.set_name("nir");
    nir.set_value("2550814168025");
    nir.set_status("unchecked");
    read_and_route(reading, to_key(1));
    EXPECT_EQ(by([](auto& q) { q.set_nir(kNir); }), Ids{});
    // Until a person says that it is right.
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    keyed.mutable_documents(0)->mutable_fields(0)->set_state("keyed");
    keyed.mutable_documents(0)->mutable_fields(0)->set_value("2550814168025");
    ASSERT_TRUE(validate(keyed)->problems().empty());
    EXPECT_EQ(by([](auto& q) { q.set_nir(kNir); }).size(), 1u);
}

TEST_P(SearchFile, MakesTheDigestsAgainWhenTheKeyIsLost) {
    const std::string pli = register_new("L1", "0001");
    v1::Done reading = reading_of({{1}});
    v1::FieldValue& nir = *reading.mutable_reading()->mutable_documents(0)->add_fields();
    nir.set_name("nir");
    nir.set_value(kNir);
    nir.set_status("valid");
    read_and_route(reading, routed(1, "IJ"));
    ASSERT_TRUE(std::filesystem::remove(options_.folder + "/nir.key"));
    restart();
    EXPECT_EQ(by([](auto& q) { q.set_nir(kNir); }), Ids{pli});
    std::ofstream(options_.folder + "/nir.key") << "short";
    ledger_.reset();
    EXPECT_THROW(open_sqlite_ledger(options_), std::runtime_error);
}

TEST_P(Search, TellsNobodyWhoseNumberWasLookedUp) {
    ledger_->begin();
    ledger_->note_search({"ann", "", ""}, 2);
    ledger_->commit();
    const auto events = reader_->events(0, 100);
    const auto& last = events.events(events.events_size() - 1);
    EXPECT_EQ(last.kind(), "search.nir");
    EXPECT_EQ(last.actor(), "ann");
    EXPECT_EQ(last.detail(), "2");
    expect_whole();
}

TEST_P(Search, ListsLotsThatDoNotBalance) {
    open_lot("L1", 2).value();
    received("L1", "0001", "2026-11-20");
    open_lot("L2", 1).value();
    received("L2", "0001", "2026-11-20");
    v1::LotsQuery query;
    EXPECT_EQ(reader_->lots(query)->lots_size(), 2);
    query.set_off_balance(true);
    const auto off = reader_->lots(query);
    ASSERT_EQ(off->lots_size(), 1);
    EXPECT_EQ(off->lots(0).lot(), "L1");
    EXPECT_EQ(off->lots(0).announced(), 2);
    EXPECT_EQ(off->lots(0).pages(), 1);
}

ON_BOTH_ENGINES(Search);
ON_ONE_ENGINE(SearchFile, Engine::Sqlite);

}  // namespace
}  // namespace pleiade::ledger
