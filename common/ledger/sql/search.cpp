// Finding plis again, and telling what became of one.
#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "common/ledger/sql/endorsers.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/snapshot.h"
#include "common/ledger/sql/sql_reader.h"

namespace pleiade::ledger {
namespace {

constexpr int kFoundMax = 100;
constexpr std::size_t kPrefixMin = 8;
constexpr std::size_t kPliIdDigits = 32;
// A state with fewer documents than that is looked up in its index; one with more is met soon on the way down. Beside a
// type or a service, whose indexes lead too, it must be rarer to be the shorter way.
constexpr int kRareMax = 50'000;
constexpr int kRareBesideOthersMax = 5'000;
constexpr int kDaysMax = 62;  // a longer period has enough to show wherever one starts

bool is_hex(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Those of an index. A master stands for its attachments; what was replaced stands for itself.
std::string rows_of(const std::string& state) {
    if (state != "SUPERSEDED" && state != "PURGED") return "document s WHERE s.master = 0 AND s.state = ?";
    return "document s WHERE s.state IN ('SUPERSEDED','PURGED') AND s.state = ?";
}

// The query, put together from what was asked. The latest pli first; by date of receipt when nothing but dates says
// where to look, since then the index of dates leads.
class Conditions {
  public:
    using Value = std::variant<std::string, std::int64_t>;
    void add(const std::string& sql, std::vector<Value> values, bool blob = false) {
        sql_ += " AND " + sql;
        for (auto& value : values) values_.push_back({std::move(value), blob});
    }
    const std::string& sql() const { return sql_; }
    void bind(Query& query) const {
        int index = 0;
        for (const auto& [value, blob] : values_) {
            ++index;
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                query.bind(index, *number);
            } else if (blob) {
                query.bind(index, Blob{std::get<std::string>(value)});
            } else {
                query.bind(index, std::get<std::string>(value));
            }
        }
    }

  private:
    std::string sql_;
    std::vector<std::pair<Value, bool>> values_;
};

}  // namespace

bool SqlReader::is_rare(const std::string& rows_of_state, const std::string& state, int most) {
    Query query(database_, fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS few", rows_of_state, most));
    query.bind(1, state);
    return query.next() && query.integer(0) < most;
}

// Between which numbers the plis of those days are, so that a list by type goes there at once instead of through all
// that came later. Plis of one day are numbered one after the other but for stragglers, so each day is asked for both.
std::optional<std::pair<std::int64_t, std::int64_t>> SqlReader::numbers_of_days(const std::string& from,
                                                                                const std::string& to) {
    std::pair<std::int64_t, std::int64_t> bounds{INT64_MAX, 0};
    std::string day = from;
    for (int days = 0;; ++days) {
        if (days == kDaysMax) return std::nullopt;
        Query next(database_, "SELECT min(received_on) FROM pli WHERE received_on >= ? AND received_on <= ?", day, to);
        if (!next.next() || next.null(0)) return bounds;
        day = next.text(0);
        Query first(database_, "SELECT min(n) FROM pli WHERE received_on = ?", day);
        Query last(database_, "SELECT max(n) FROM pli WHERE received_on = ?", day);
        if (first.next()) bounds.first = std::min(bounds.first, first.integer(0));
        if (last.next()) bounds.second = std::max(bounds.second, last.integer(0));
        day += '+';  // sorts after that day and before the next one
    }
}

Result<v1::FoundPlis> SqlReader::search(const v1::SearchQuery& asked) {
    const int limit = limited(asked.limit(), kRowsDefault, kFoundMax);
    const Snapshot moment(database_);
    Conditions where;
    std::string matched = "filters";
    bool by_key = false;
    const auto key = [&](const char* name) {
        if (!by_key) matched = name;
        by_key = true;
    };
    if (!asked.nir().empty()) {
        if (!nir_digest_) nir_digest_ = NirDigest::open(folder_);
        const auto digest = nir_digest_->of(asked.nir());
        if (!digest) {
            return invalid("NIR_INVALID",
                           "this is no NIR, or its key is wrong: 13 or 15 characters, 2A/2B for Corsica");
        }
        where.add("p.n IN (SELECT pli_n FROM nir WHERE digest = ?)", {*digest}, true);
        key("nir");
    }
    if (!asked.pli().empty()) {
        if (asked.pli().size() == kPliIdDigits && is_hex(asked.pli())) {
            where.add("p.id = ?", {asked.pli()});
            key("pli");
        } else if (!asked.lot().empty()) {
            where.add("p.pli = ?", {asked.pli()});
            key("pli");
        } else if (asked.pli().size() >= kPrefixMin && asked.pli().size() < kPliIdDigits && is_hex(asked.pli())) {
            where.add("p.id >= ? AND p.id < ?", {asked.pli(), asked.pli() + "g"});
            key("pli");
        } else {
            return invalid("SEARCH_PLI_INVALID",
                           "give at least 8 digits of a pli's identifier, or its rank and its lot");
        }
    }
    if (!asked.lot().empty()) {
        where.add("p.lot_n = (SELECT n FROM lot WHERE lot = ?)", {asked.lot()});
        key("lot");
    }
    if (!asked.endorser().empty()) {
        where.add("p.n IN (SELECT pli_n FROM endorser WHERE endorser = ?)", {plain_number(asked.endorser())});
        key("endorser");
    }
    if (!asked.registered_mail().empty()) {
        where.add("p.registered_number = ? AND p.registered_number <> ''", {plain_number(asked.registered_mail())});
        key("registered");
    }
    const bool of_documents = !asked.type().empty() || !asked.service().empty() || !asked.state().empty();
    const bool by_date = !by_key && !of_documents && (!asked.received_from().empty() || !asked.received_to().empty());
    if (!asked.received_from().empty()) where.add("p.received_on >= ?", {asked.received_from()});
    if (!asked.received_to().empty()) where.add("p.received_on <= ?", {asked.received_to()});
    std::string from = "pli p";
    std::string place = "p.n";
    if (of_documents) {
        std::string documents;
        std::vector<Conditions::Value> values;
        const auto match = [&](const char* column, const std::string& value) {
            if (value.empty()) return;
            documents += fmt::format(" AND d.{} = ?", column);
            values.emplace_back(value);
        };
        match("type", asked.type());
        match("service", asked.service());
        match("state", asked.state());
        if (!asked.service().empty()) documents += " AND d.service <> ''";
        // What was replaced is found by its state only: its type was a mistake.
        if (asked.state().empty()) documents += " AND d.state NOT IN ('SUPERSEDED','PURGED')";
        // Which index leads: a rare state's, where an attachment stands with its master; the type's or the service's,
        // ordered by pli; else the plis'.
        const bool others = !asked.type().empty() || !asked.service().empty();
        const std::string rows_of_state = rows_of(asked.state());
        const bool rare = !by_key && !asked.state().empty() &&
                          is_rare(rows_of_state, asked.state(), others ? kRareBesideOthersMax : kRareMax);
        const bool leads = !by_key && !rare && others;
        if (rare) where.add(fmt::format("p.n IN (SELECT s.pli_n FROM {})", rows_of_state), {asked.state()});
        if (leads) {
            from = "document d JOIN pli p ON p.n = d.pli_n";
            place = "d.pli_n";
            where.add(documents.substr(5), std::move(values));
        } else {
            where.add("EXISTS(SELECT 1 FROM document d WHERE d.pli_n = p.n" + documents + ")", std::move(values));
        }
        if (!by_key && !asked.received_from().empty() && !asked.received_to().empty()) {
            if (const auto bounds = numbers_of_days(asked.received_from(), asked.received_to())) {
                where.add(fmt::format("{0} >= ? AND {0} <= ?", place), {bounds->first, bounds->second});
            }
        }
    }
    std::int64_t before = INT64_MAX;
    if (!asked.cursor().empty()) {
        const auto colon = asked.cursor().find(':');
        if ((colon != std::string::npos) != by_date) return bad_cursor();
        const auto last_shown = cursor_number(by_date ? asked.cursor().substr(colon + 1) : asked.cursor(), 0);
        if (!last_shown) return pass_on(last_shown);
        before = *last_shown;
        if (by_date) {
            where.add("(p.received_on, p.n) < (?, ?)", {asked.cursor().substr(0, colon), before});
        } else {
            where.add(place + " < ?", {before});
        }
    }
    if (!asked.caisse().empty()) {
        // Alone, a caisse is looked up where it stands: one that has little mail would be met late on the way down.
        const bool alone = !by_key && !of_documents && !by_date;
        if (alone) {
            where.add(
                fmt::format("p.n IN (SELECT * FROM (SELECT n FROM pli WHERE caisse = ? AND n < ? ORDER BY n DESC "
                            "LIMIT {0}) AS own UNION SELECT * FROM (SELECT DISTINCT pli_n FROM document WHERE caisse = "
                            "? AND caisse <> '' AND pli_n < ? ORDER BY pli_n DESC LIMIT {0}) AS led)",
                            limit + 1),
                {asked.caisse(), before, asked.caisse(), before});
        } else {
            where.add("(p.caisse = ? OR EXISTS(SELECT 1 FROM document c WHERE c.pli_n = p.n AND c.caisse = ?))",
                      {asked.caisse(), asked.caisse()});
        }
    }
    const std::string order = by_date ? "p.received_on DESC, p.n DESC" : place + " DESC";
    Query query(database_, fmt::format("SELECT DISTINCT {}, p.received_on FROM {} WHERE TRUE{} ORDER BY {} LIMIT {}",
                                       place, from, where.sql(), order, limit + 1));
    where.bind(query);
    v1::FoundPlis found;
    std::string last;
    while (query.next()) {
        if (found.plis_size() == limit) {
            found.set_next_cursor(last);
            break;
        }
        v1::FoundPli& pli = *found.add_plis();
        pli.set_matched(matched);
        fill_found(query.integer(0), pli);
        last = by_date ? fmt::format("{}:{}", query.text(1), query.integer(0)) : std::to_string(query.integer(0));
    }
    return found;
}

void SqlReader::fill_found(std::int64_t pli_n, v1::FoundPli& found) {
    Query pli(database_, "SELECT id, state, context, pages FROM pli WHERE n = ?", pli_n);
    if (!pli.next()) return;
    found.set_id(pli.text(0));
    found.set_state(pli.text(1));
    parse_stored(*found.mutable_context(), pli.text(2));
    found.set_pages(static_cast<std::int32_t>(pli.integer(3)));
    Query endorsers(database_, "SELECT endorser FROM endorser WHERE pli_n = ? ORDER BY endorser", pli_n);
    while (endorsers.next()) found.add_endorsers(endorsers.text(0));
    fill_documents(pli_n, *found.mutable_documents());
}

Result<v1::Story> SqlReader::story(const v1::StoryQuery& asked) {
    static const std::string sql = fmt::format(
        "SELECT {}, coalesce(t.reason, '') FROM audit a JOIN pli p ON p.n = a.pli_n LEFT JOIN act t ON "
        "t.seq = a.seq WHERE a.pli_n = ?1 AND a.pli_n > 0 AND a.seq > ?2 ORDER BY a.seq LIMIT ?3",
        kEventColumns);
    const auto after = cursor_number(asked.cursor(), 0);
    if (!after) return pass_on(after);
    const int limit = limited(asked.limit(), kRowsDefault, kRowsMax);
    const Snapshot moment(database_);
    Query pli(database_, "SELECT n, state, context FROM pli WHERE id = ?", asked.id());
    if (!pli.next()) return not_found("PLI_UNKNOWN", "there is no such pli");
    const std::int64_t pli_n = pli.integer(0);
    v1::Story story;
    story.set_id(asked.id());
    story.set_state(pli.text(1));
    parse_stored(*story.mutable_context(), pli.text(2));
    Query query(database_, sql.c_str(), pli_n, *after, limit + 1);
    while (query.next()) {
        if (story.events_size() == limit) {
            story.set_next_cursor(std::to_string(story.events(limit - 1).event().seq()));
            break;
        }
        v1::StoryEvent& event = *story.add_events();
        *event.mutable_event() = event_row(query);
        event.set_note(query.text(10));
    }
    Query readings(database_,
                   "SELECT revision, author, at_ms, reading, 0 FROM reading_past WHERE pli_n = ?1 UNION ALL "
                   "SELECT revision, author, at_ms, reading, 1 FROM reading WHERE pli_n = ?1 ORDER BY revision",
                   pli_n);
    while (readings.next()) {
        v1::Reading reading;
        parse_stored(reading, readings.text(3));
        v1::ReadingVersion& version = *story.add_readings();
        version.set_revision(static_cast<std::int32_t>(readings.integer(0)));
        version.set_by(readings.text(1));
        version.set_at_ms(readings.integer(2));
        version.set_documents(reading.documents_size());
        version.set_current(readings.integer(4) != 0);
    }
    return story;
}

}  // namespace pleiade::ledger
