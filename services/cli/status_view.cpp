#include "services/cli/status_view.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <sstream>

namespace pleiade::cli {
namespace json = boost::json;
namespace {

// Due dates are promises made in Paris; the store keeps them in UTC.
std::string paris_time(const std::string& utc) {
    std::istringstream text(utc);
    date::sys_seconds at;
    text >> date::parse("%FT%TZ", at);
    return text.fail() ? utc : date::format("%F %H:%M", date::make_zoned("Europe/Paris", at));
}

}  // namespace

std::string age_text(std::int64_t seconds) {
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3'600) return fmt::format("{} min", seconds / 60);
    if (seconds < 86'400) return fmt::format("{} h {:02}", seconds / 3'600, seconds / 60 % 60);
    return fmt::format("{} d {} h", seconds / 86'400, seconds / 3'600 % 24);
}

std::string status_table(const v1::Status& status) {
    std::string out;
    std::int64_t in_flight = 0;
    std::string stages;
    for (const auto& stage : status.in_flight()) {
        in_flight += stage.count();
        stages += fmt::format("{}{} {}", stages.empty() ? "" : ", ", stage.count(), stage.stage());
    }
    if (status.queues_size() == 0) {
        out += "No document waits in any queue.\n";
    } else {
        out += fmt::format("{:<7} {:<9} {:<4} {:>7} {:>7} {:>9}   {}\n", "caisse", "service", "prio", "waiting",
                           "taken", "oldest", "next due");
        for (const auto& queue : status.queues()) {
            out += fmt::format("{:<7} {:<9} {:<4} {:>7} {:>7} {:>9}   {}{}\n", queue.caisse(), queue.service(),
                               queue.priority(), queue.depth(), queue.taken(), age_text(queue.oldest_seconds()),
                               paris_time(queue.next_due()), queue.overdue() > 0 ? "  LATE" : "");
        }
    }
    out += fmt::format(
        "\nplis       announced {} = received {} + missing {};  received = registered {} + rejected {};  difference "
        "{}\n",
        status.plis_announced(), status.plis_received(), status.plis_missing(), status.plis_registered(),
        status.plis_rejected(), status.difference_plis());
    out += fmt::format(
        "documents  created {} = in flight {}{} + to key {} + queued {} + taken {} + delivered {} + closed {} + "
        "returned {} + held {}\n           + rescan {} + quarantined {} + rejected {} + superseded {} + purged {};  "
        "difference {}\n",
        status.created(), in_flight, in_flight > 0 ? " (" + stages + ")" : "", status.to_key(), status.queued(),
        status.taken(), status.delivered(), status.closed(), status.returned(), status.held(), status.rescan(),
        status.quarantined(), status.rejected(), status.superseded(), status.purged(), status.difference_documents());
    out += fmt::format(
        "pages      scanned {} = in documents {} + blank {} + separators {} + envelopes {} + not read yet {};  "
        "difference "
        "{}\n",
        status.pages_scanned(), status.pages_in_documents(), status.pages_blank(), status.pages_separator(),
        status.pages_envelope(), status.pages_in_flight(), status.difference_pages());
    if (status.plis_in_flight() > 0 || status.plis_quarantined() > 0 || status.plis_held() > 0) {
        out += fmt::format("plis still to read {}, in quarantine {}, held {}\n", status.plis_in_flight(),
                           status.plis_quarantined(), status.plis_held());
    }
    return out;
}

json::object status_json(const v1::Status& status) {
    json::object stages;
    for (const auto& stage : status.in_flight()) stages[stage.stage()] = stage.count();
    json::array queues;
    for (const auto& queue : status.queues()) {
        queues.push_back(json::object{{"caisse", queue.caisse()},
                                      {"service", queue.service()},
                                      {"priority", queue.priority()},
                                      {"depth", queue.depth()},
                                      {"taken", queue.taken()},
                                      {"oldest_seconds", queue.oldest_seconds()},
                                      {"next_due", queue.next_due()},
                                      {"overdue", queue.overdue()}});
    }
    return {{"plis", json::object{{"announced", status.plis_announced()},
                                  {"received", status.plis_received()},
                                  {"registered", status.plis_registered()},
                                  {"rejected", status.plis_rejected()},
                                  {"missing", status.plis_missing()},
                                  {"in_flight", status.plis_in_flight()},
                                  {"quarantined", status.plis_quarantined()},
                                  {"held", status.plis_held()}}},
            {"documents", json::object{{"created", status.created()},
                                       {"in_flight", std::move(stages)},
                                       {"to_key", status.to_key()},
                                       {"queued", status.queued()},
                                       {"taken", status.taken()},
                                       {"delivered", status.delivered()},
                                       {"closed", status.closed()},
                                       {"returned", status.returned()},
                                       {"held", status.held()},
                                       {"rescan", status.rescan()},
                                       {"quarantined", status.quarantined()},
                                       {"rejected", status.rejected()},
                                       {"superseded", status.superseded()},
                                       {"purged", status.purged()}}},
            {"pages", json::object{{"scanned", status.pages_scanned()},
                                   {"in_documents", status.pages_in_documents()},
                                   {"blank", status.pages_blank()},
                                   {"separator", status.pages_separator()},
                                   {"envelope", status.pages_envelope()},
                                   {"in_flight", status.pages_in_flight()}}},
            {"difference", json::object{{"plis", status.difference_plis()},
                                        {"documents", status.difference_documents()},
                                        {"pages", status.difference_pages()}}},
            {"queues", std::move(queues)}};
}

}  // namespace pleiade::cli
