#include "services/cli/letters/corrections.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/bus/client.h"
#include "services/reader/letters/letter_evidence.h"
#include "services/reader/open_pli.h"
#include "services/reader/page_text.h"

namespace pleiade::cli {
namespace {

constexpr int kEventsAtOnce = 1'000;

// The plis that somebody keyed, the latest last, each once.
Result<std::vector<std::string>> keyed_ids(const LedgerQueries& queries) {
    std::vector<std::string> ids;
    v1::EventsQuery query;
    query.set_limit(kEventsAtOnce);
    for (;;) {
        const auto events = queries.events(query);
        if (!events) return pass_on(events);
        for (const auto& event : events->events()) {
            if (event.kind() == "pli.keyed") ids.push_back(event.pli_id());
        }
        if (events->events_size() == 0) break;
        query.set_after(events->last());
    }
    std::set<std::string> seen;
    std::vector<std::string> latest;
    for (auto id = ids.rbegin(); id != ids.rend() && latest.size() < kKeyedPlisMax; ++id) {
        if (seen.insert(*id).second) latest.push_back(*id);
    }
    return latest;
}

// Number -> type, of the documents that stood on the pli before anybody keyed it.
std::map<std::string, std::string> read_types(const v1::PliView& view) {
    std::map<std::string, std::string> types;
    for (const auto& event : view.history()) {
        if (event.kind() == "pli.keyed") break;
        if (event.kind() == "document.created") types[event.document_id()] = event.detail();
    }
    return types;
}

std::vector<KeyedLetter> letters_of(const v1::PliView& view) {
    const auto proposed = read_types(view);
    std::vector<KeyedLetter> letters;
    for (const auto& document : view.reading().documents()) {
        const auto& settled = document.settled();
        if (std::find(settled.begin(), settled.end(), kSettledType) == settled.end() || document.pages().empty())
            continue;
        const auto read = proposed.find(fmt::format("{}-{}", view.id(), document.id()));
        letters.push_back({document.id(), *std::min_element(document.pages().begin(), document.pages().end()),
                           document.type(), read == proposed.end() ? "" : read->second});
    }
    return letters;
}

}  // namespace

LedgerQueries queries_of_hub(const HubAddress& hubs) {
    const auto desk = std::make_shared<bus::Client>(hubs);
    return {[desk](const v1::EventsQuery& query) { return desk->ask<v1::Events>(query); },
            [desk](const v1::PliQuery& query) { return desk->ask<v1::PliView>(query); }};
}

Result<std::vector<KeyedPli>> keyed_plis(const LedgerQueries& queries) {
    const auto ids = keyed_ids(queries);
    if (!ids) return pass_on(ids);
    std::vector<KeyedPli> plis;
    for (const auto& id : *ids) {
        v1::PliQuery query;
        query.set_id(id);
        auto view = queries.pli(query);
        if (!view) return pass_on(view);
        auto letters = letters_of(*view);
        if (!letters.empty()) plis.push_back({std::move(*view), std::move(letters)});
    }
    return plis;
}

Result<KeyedLessons> lessons_of_keying(const std::vector<KeyedPli>& plis, const vault::Vault& vault,
                                       const OpenReader& open, const reader::TypageTables& tables,
                                       const Nomenclature& nomenclature) {
    KeyedLessons found;
    const KeyedPli* at = nullptr;
    int lot = 0;
    const auto seen = [&](const PliContext&, const std::vector<reader::PageRead>& pages) {
        for (const auto& letter : at->letters) {
            const auto page = std::find_if(pages.begin(), pages.end(), [&](const reader::PageRead& read) {
                return read.reading.page == letter.first_page;
            });
            if (page == pages.end() || page->form || nomenclature.find(letter.type) == nullptr) continue;
            const auto evidence =
                reader::gather_evidence(page->text, page->reading.codes, tables.evidence, tables.settings);
            if (!reader::letters::speaks_for_itself(evidence)) continue;
            found.lessons.push_back({reader::PageText(page->text).folded(), letter.type, lot, true, ""});
        }
    };
    const auto reader = open(seen);
    if (!reader) return pass_on(reader);
    for (const auto& pli : plis) {
        at = &pli;
        ++lot;
        const auto opened = reader::open_pli(vault, pli.view);
        const bool read = opened && (*reader)->read(opened->files, [] { return true; });
        found.plis_left_out += read ? 0 : 1;
    }
    return found;
}

}  // namespace pleiade::cli
