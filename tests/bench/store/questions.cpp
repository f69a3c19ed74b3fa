#include "tests/bench/store/questions.h"

#include <algorithm>
#include <set>

namespace pleiade::bench {

namespace {

using ledger::LedgerReader;
using Values = std::vector<std::string>;

const std::string& one(const Values& values, int i) {
    static const std::string none;
    return values.empty() ? none : values[static_cast<std::size_t>(i) * 7 % values.size()];
}

template <class Row>
int rows(const Result<Row>& page, int count) {
    return page ? count : -1;
}

int found(LedgerReader& reader, const v1::SearchQuery& query) {
    const auto page = reader.search(query);
    return rows(page, page ? page->plis_size() : 0);
}

int listed(LedgerReader& reader, const v1::DocumentsQuery& query) {
    const auto page = reader.documents(query);
    return rows(page, page ? page->documents_size() : 0);
}

// The n-th page of a list: what somebody who goes on reading asks.
int paged(LedgerReader& reader, v1::DocumentsQuery query, int pages) {
    int count = 0;
    for (int i = 0; i < pages; ++i) {
        const auto page = reader.documents(query);
        if (!page) return -1;
        count = page->documents_size();
        if (page->next_cursor().empty()) break;
        query.set_cursor(page->next_cursor());
    }
    return count;
}

void collect(Known& known, const v1::FoundPlis& page) {
    for (const auto& pli : page.plis()) {
        known.plis.push_back(pli.id());
        known.lots.push_back(pli.context().lot());
        known.days.push_back(pli.context().received_on());
        known.endorsers.insert(known.endorsers.end(), pli.endorsers().begin(), pli.endorsers().end());
        if (!pli.context().registered_mail().empty()) known.registered.push_back(pli.context().registered_mail());
        for (const auto& document : pli.documents()) {
            known.documents.push_back(document.id());
            known.types.push_back(document.type());
            known.services.push_back(document.service());
            known.caisses.push_back(document.caisse());
        }
    }
}

void keep_each_once(Values& values) {
    const std::set<std::string> sorted(values.begin(), values.end());
    values.assign(sorted.begin(), sorted.end());
    std::erase(values, "");
}

}  // namespace

Known known_of(LedgerReader& reader) {
    Known known;
    // From its first pli to its last.
    for (int i = 0; i < 64; ++i) {
        v1::SearchQuery query;
        query.set_state(i % 2 == 0 ? "QUEUED" : "CLOSED");
        query.set_limit(20);
        if (i > 1) query.set_cursor(std::to_string(1 + 15'625 * i));
        if (const auto page = reader.search(query)) collect(known, *page);
    }
    for (auto* values : {&known.lots, &known.days, &known.caisses, &known.types, &known.services})
        keep_each_once(*values);
    known.states = {"READ",     "TO_KEY", "QUEUED",      "TAKEN",    "CLOSED",
                    "RETURNED", "HELD",   "QUARANTINED", "REJECTED", "SUPERSEDED"};
    return known;
}

std::vector<Question> questions(const Known& known) {
    std::vector<Question> all;
    const auto add = [&](std::string name, std::function<int(LedgerReader&, int)> ask) {
        all.push_back({std::move(name), std::move(ask)});
    };
    const auto search = [&](std::string name, auto fill) {
        add("search: " + std::move(name), [fill](LedgerReader& reader, int i) {
            v1::SearchQuery query;
            fill(query, i);
            return found(reader, query);
        });
    };
    const auto list = [&](std::string name, auto fill) {
        add("list: " + std::move(name), [fill](LedgerReader& reader, int i) {
            v1::DocumentsQuery query;
            fill(query, i);
            return listed(reader, query);
        });
    };

    add("status, with every queue", [](LedgerReader& reader, int) { return reader.status().queues_size(); });
    list("a queue, the most urgent first", [&](v1::DocumentsQuery& query, int i) {
        query.set_caisse(one(known.caisses, i));
        query.set_service(one(known.services, i / 2));
        query.set_state("QUEUED");
    });
    add("list: a queue, its tenth page", [&](LedgerReader& reader, int i) {
        v1::DocumentsQuery query;
        query.set_caisse(one(known.caisses, i));
        query.set_service(one(known.services, i / 2));
        query.set_state("QUEUED");
        return paged(reader, query, 10);
    });
    list("documents of a state", [&](v1::DocumentsQuery& query, int i) { query.set_state(one(known.states, i)); });
    list("documents of a type", [&](v1::DocumentsQuery& query, int i) { query.set_type(one(known.types, i)); });
    list("documents of a state and type", [&](v1::DocumentsQuery& query, int i) {
        query.set_state(one(known.states, i));
        query.set_type(one(known.types, i / 3));
    });
    list("documents of a lot", [&](v1::DocumentsQuery& query, int i) { query.set_lot(one(known.lots, i)); });
    list("documents of a pli", [&](v1::DocumentsQuery& query, int i) { query.set_pli_id(one(known.plis, i)); });
    list("all documents", [](v1::DocumentsQuery&, int) {});
    add("list: what waits for keying", [](LedgerReader& reader, int) { return reader.keying_stock({}).groups_size(); });
    add("list: plis aside", [](LedgerReader& reader, int) {
        const auto page = reader.aside({});
        return rows(page, page ? page->plis_size() : 0);
    });
    add("list: rejections", [](LedgerReader& reader, int) { return reader.rejections(100).rejections_size(); });
    add("list: recalls", [](LedgerReader& reader, int) {
        const auto page = reader.recalls({});
        return rows(page, page ? page->recalls_size() : 0);
    });
    add("list: lots", [&](LedgerReader& reader, int i) {
        v1::LotsQuery query;
        if (i % 2 == 1) query.set_caisse(one(known.caisses, i));
        const auto page = reader.lots(query);
        return rows(page, page ? page->lots_size() : 0);
    });
    add("list: lots that do not balance", [](LedgerReader& reader, int) {
        v1::LotsQuery query;
        query.set_off_balance(true);
        const auto page = reader.lots(query);
        return rows(page, page ? page->lots_size() : 0);
    });
    add("live: the events after any one",
        [](LedgerReader& reader, int i) { return reader.events(std::int64_t{100'003} * i, 200).events_size(); });

    search("pli", [&](v1::SearchQuery& query, int i) { query.set_pli(one(known.plis, i)); });
    search("beginning of a pli",
           [&](v1::SearchQuery& query, int i) { query.set_pli(one(known.plis, i).substr(0, 8)); });
    search("lot", [&](v1::SearchQuery& query, int i) { query.set_lot(one(known.lots, i)); });
    search("endorser", [&](v1::SearchQuery& query, int i) { query.set_endorser(one(known.endorsers, i)); });
    search("registered mail",
           [&](v1::SearchQuery& query, int i) { query.set_registered_mail(one(known.registered, i)); });
    search("NIR", [](v1::SearchQuery& query, int i) {
        const std::int64_t without_key = 2'550'814'168'001 + i % 480;
        const auto key = 97 - without_key % 97;
        query.set_nir(std::to_string(without_key) + (key < 10 ? "0" : "") + std::to_string(key));
    });
    search("day of receipt", [&](v1::SearchQuery& query, int i) {
        query.set_received_from(one(known.days, i));
        query.set_received_to(one(known.days, i));
    });
    search("day and type", [&](v1::SearchQuery& query, int i) {
        query.set_received_from(one(known.days, i));
        query.set_received_to(one(known.days, i));
        query.set_type(one(known.types, i / 2));
    });
    search("day and caisse", [&](v1::SearchQuery& query, int i) {
        query.set_received_from(one(known.days, i));
        query.set_received_to(one(known.days, i));
        query.set_caisse(one(known.caisses, i / 2));
    });
    search("caisse", [&](v1::SearchQuery& query, int i) { query.set_caisse(one(known.caisses, i)); });
    search("type", [&](v1::SearchQuery& query, int i) { query.set_type(one(known.types, i)); });
    search("service", [&](v1::SearchQuery& query, int i) { query.set_service(one(known.services, i)); });
    search("state", [&](v1::SearchQuery& query, int i) { query.set_state(one(known.states, i)); });
    search("caisse, type and state", [&](v1::SearchQuery& query, int i) {
        query.set_caisse(one(known.caisses, i));
        query.set_type(one(known.types, i / 2));
        query.set_state(one(known.states, i / 3));
    });
    search("type and service that never meet", [&](v1::SearchQuery& query, int i) {
        query.set_type(one(known.types, i));
        query.set_service("SANS_COURRIER");
    });
    add("one pli", [&](LedgerReader& reader, int i) { return reader.pli(one(known.plis, i)) ? 1 : -1; });
    add("one document", [&](LedgerReader& reader, int i) { return reader.document(one(known.documents, i)) ? 1 : -1; });
    add("one pli's story", [&](LedgerReader& reader, int i) {
        v1::StoryQuery query;
        query.set_id(one(known.plis, i));
        const auto story = reader.story(query);
        return rows(story, story ? story->events_size() : 0);
    });
    return all;
}

}  // namespace pleiade::bench
