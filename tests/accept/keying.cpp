// The keying station end to end, on the real programs: doubtful mail is leased by two keyers, who never hold the same
// pli; each settles hers as the generator knows it to be; the router sends it where that says, and asks nobody again.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <thread>

#include "common/bus/client.h"
#include "common/runtime/secrets.h"
#include "tests/accept/checks.h"
#include "tests/accept/installation.h"
#include "tests/support/http_client.h"

namespace pleiade::accept {
namespace {

namespace json = boost::json;

std::string text(const json::value& value) {
    return std::string(value.as_string());
}

std::set<std::int64_t> numbers(const json::value& array) {
    std::set<std::int64_t> out;
    for (const auto& one : array.as_array()) out.insert(one.as_int64());
    return out;
}

class Keyer final : public test::HttpClient {
  public:
    Keyer(std::string name, int port) : name_(std::move(name)), port_(static_cast<std::uint16_t>(port)) {}
    std::uint16_t port() const override { return port_; }
    test::Headers credentials(const std::string&, const std::string&) override { return session_; }

    // Her account is made as `pleiade accounts add` does; she signs in as anybody.
    bool sign_in(const Installation& system) {
        const std::string password = "Un mot de passe de " + name_;
        v1::SaveAccount save;
        save.set_by("accept");
        save.set_create(true);
        save.set_password_hash(runtime::hash_password(password));
        save.mutable_account()->set_name(name_);
        save.mutable_account()->add_roles("keyer");
        save.mutable_account()->add_roles("supervisor");
        save.mutable_account()->set_medical(true);
        bus::Client desk(system.desk_endpoint());
        if (!desk.ask<v1::AccountSaved>(save, {.patience = std::chrono::seconds(10)})) return false;
        const auto answer =
            post("/api/v1/session", json::serialize(json::object{{"name", name_}, {"password", password}}), "");
        if (answer.status != 200) return false;
        const auto& cookie = answer.headers.at("set-cookie");
        session_ = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", text(answer.json().at("csrf"))}};
        return true;
    }

    test::Answer say(const std::string& target, const json::object& body) {
        return post(target, json::serialize(body), fmt::format("{}-{}", name_, ++keys_));
    }
    // Everything that is given to this person, one pli after the other.
    void take_all() {
        while (true) {
            const auto answer = say("/api/v1/keying:next", {{"by", name_}, {"medical", true}});
            if (answer.status != 200) return;
            const auto given = answer.json();
            if (given.at("jobs").as_array().empty()) return;
            for (const auto& job : given.at("jobs").as_array()) jobs.push_back(job.as_object());
        }
    }
    const std::string& name() const { return name_; }

    std::vector<json::object> jobs;

  private:
    const std::string name_;
    const std::uint16_t port_;
    int keys_ = 0;
    test::Headers session_;
};

json::array fields_of(const json::object& truth) {
    json::array fields;
    for (const auto& [name, value] : truth.at("fields").as_object()) {
        const auto& one = value.is_array() ? value.as_array().front() : value;
        fields.push_back(
            json::object{{"name", name}, {"state", "keyed"}, {"value", one.at("value")}, {"keep_despite_check", true}});
    }
    return fields;
}

// What somebody who sees the paper settles: the true documents, as far as their pages are of this lease.
struct Settled {
    json::object body;
    std::map<std::set<std::int64_t>, json::object> truth_of;  // a master's pages -> the truth
};

std::optional<Settled> settle(const Keyer& keyer, const json::object& job, const json::object& truth) {
    Settled settled;
    std::set<std::int64_t> ours;
    json::array pages;
    std::map<std::int64_t, std::string> kinds;
    for (const auto& page : truth.at("pages").as_array()) kinds[page.at("page").as_int64()] = text(page.at("kind"));
    for (const auto& page : job.at("pages").as_array()) {
        if (!page.at("editable").as_bool()) continue;
        const auto number = page.at("page").as_int64();
        ours.insert(number);
        if (text(page.at("kind")) != kinds.at(number)) {
            pages.push_back(json::object{{"page", number}, {"kind", kinds.at(number)}});
        }
    }
    std::map<std::set<std::int64_t>, std::int64_t> held;
    for (const auto& document : job.at("documents").as_array()) {
        held[numbers(document.at("pages"))] = document.at("number").as_int64();
    }
    json::array documents;
    std::map<std::int64_t, std::int64_t> number_of;  // the truth's -> ours
    std::int64_t fresh = 0;
    for (const auto& value : truth.at("documents").as_array()) {
        const auto& document = value.as_object();
        const auto of = numbers(document.at("pages"));
        const bool inside = std::includes(ours.begin(), ours.end(), of.begin(), of.end());
        const bool outside = std::none_of(of.begin(), of.end(), [&](auto page) { return ours.contains(page); });
        if (outside) continue;
        // Part of it stands in a queue already, under another number: a person would recall that one first.
        if (!inside || text(document.at("type")) == "UNKNOWN") return std::nullopt;
        const auto found = held.find(of);
        const std::int64_t number = found == held.end() ? --fresh : found->second;
        number_of[document.at("id").as_int64()] = number;
        json::object out{{"number", number},
                         {"type", document.at("type")},
                         {"pages", document.at("pages")},
                         {"fields", fields_of(document)},
                         {"affiliation", document.at("affiliation").at("caisse")},
                         {"skip_doubts", true}};
        if (const auto* volets = document.if_contains("volets")) out["volets"] = *volets;
        const auto& master = document.at("attached_to");
        if (!master.is_null()) {
            const auto known = number_of.find(master.as_int64());
            if (known == number_of.end()) return std::nullopt;  // its master is in a queue already
            out["attached_to"] = known->second;
        } else {
            settled.truth_of[of] = document;
        }
        documents.push_back(std::move(out));
    }
    settled.body = {{"by", keyer.name()}, {"fence", job.at("fence")}, {"documents", documents}, {"pages", pages}};
    return settled;
}

struct Expected {
    std::string document;
    std::string queue;
};

std::string queue_of(const json::value& route) {
    return text(route.at("processed_by")) + "/" + text(route.at("service"));
}

// The command line's verbs on one document, and its story.
bool recovery_verbs(const Options& options, const Installation& system, Keyer& ann, const std::string& id) {
    const auto pleiade = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {options.bin + "/pleiade", "pli"});
        words.insert(words.end(), {"--home", system.home().string()});
        return run(words, std::chrono::seconds(30));
    };
    const auto state = [&] { return text(ann.get("/api/v1/documents/" + id).json().at("state")); };
    int wrong =
        pleiade({"hold", id, "--code", "NEEDS_ADVICE", "--reason", "a check of the verbs"}).exit_code == 0 ? 0 : 1;
    wrong += state() == "HELD" ? 0 : 1;
    wrong += pleiade({"hold", id, "--reason", "twice makes no sense"}).exit_code == 1 ? 0 : 1;
    wrong += pleiade({"release", id, "--reason", "it was a check"}).exit_code == 0 ? 0 : 1;
    wrong += system.wait_until_idle(std::chrono::seconds(60)) && state() == "QUEUED" ? 0 : 1;
    const auto story = pleiade({"story", id.substr(0, 32)});
    wrong += story.exit_code == 0 && story.output.find("a check of the verbs") != std::string::npos ? 0 : 1;
    const auto found = pleiade({"find", "--pli", id.substr(0, 12)});
    wrong += found.exit_code == 0 && found.output.find(id) != std::string::npos ? 0 : 1;
    return figure("recovery verbs, story and search that failed", std::to_string(wrong), "0", wrong == 0);
}

}  // namespace

bool keying(const Options& options) {
    Installation system(options, "");
    if (!system.draw_mail(options.plis)) return figure("the generator", "failed", "exit 0", false);
    const auto truth = system.truth();
    system.start(2);
    system.drop_lots_until(1.0);
    const auto read = system.wait_until_idle(std::chrono::seconds(120 + 10 * options.plis));
    if (!read) return figure("all mail read", "no", "yes", false);

    Keyer ann("ann", system.gateway_port());
    Keyer bob("bob", system.gateway_port());
    if (!ann.sign_in(system) || !bob.sign_in(system)) return figure("signed in", "no", "yes", false);
    std::thread second([&] { bob.take_all(); });
    ann.take_all();
    second.join();
    std::set<std::string> given;
    for (const auto* keyer : {&ann, &bob}) {
        for (const auto& job : keyer->jobs) given.insert(text(job.at("id")));
    }
    const auto leases = ann.jobs.size() + bob.jobs.size();
    fmt::print("{} plis read; {} documents to key; {} leases to ann, {} to bob\n", options.plis, read->to_key(),
               ann.jobs.size(), bob.jobs.size());
    bool good =
        figure("plis leased to two keyers at once", std::to_string(leases - given.size()), "0", leases == given.size());
    good &= figure("plis leased", std::to_string(leases), "some", leases > 1);

    // Under another's lease nothing is written.
    int stolen = 0;
    for (const auto& job : ann.jobs) {
        const json::object theft{{"by", "bob"}, {"fence", job.at("fence")}, {"documents", json::array()}};
        stolen += bob.say("/api/v1/keying/" + text(job.at("id")) + ":validate", theft).status == 409 ? 0 : 1;
    }
    good &= figure("validations under somebody else's lease", std::to_string(stolen), "0", stolen == 0);

    std::vector<Expected> expected;
    int settled_plis = 0, refused = 0, held = 0;
    for (auto* keyer : {&ann, &bob}) {
        for (const auto& job : keyer->jobs) {
            const std::string at = "/api/v1/keying/" + text(job.at("id"));
            const auto& true_pli = truth.at({text(job.at("lot")), text(job.at("pli"))});
            const auto settled = settle(*keyer, job, true_pli);
            if (!settled) {
                const json::object hold{{"by", keyer->name()}, {"fence", job.at("fence")}, {"code", "NEEDS_ADVICE"}};
                held += keyer->say(at + ":hold", hold).status == 200 ? 1 : 0;
                continue;
            }
            const auto answer = keyer->say(at + ":validate", settled->body);
            const auto told = answer.json();
            if (answer.status != 200) {
                // The codes only: the sentences may stand beside what was typed.
                fmt::print("  refused: {} {}\n", answer.status, answer.code());
                for (const auto& error : told.at("errors").as_array()) {
                    fmt::print("    {} {}\n", text(error.at("pointer")), text(error.at("code")));
                }
                ++refused;
                continue;
            }
            ++settled_plis;
            for (const auto& row : told.at("documents").as_array()) {
                if (text(row.at("role")) != "master") continue;
                const std::string id = text(row.at("id"));
                const auto document = keyer->get("/api/v1/documents/" + id).json();
                const auto found = settled->truth_of.find(numbers(document.at("document").at("pages")));
                if (found != settled->truth_of.end()) expected.push_back({id, queue_of(found->second.at("route"))});
            }
        }
    }
    if (!system.wait_until_idle(std::chrono::seconds(60))) return figure("all routed again", "no", "yes", false);
    int asked_again = 0, as_settled = 0;
    for (const auto& one : expected) {
        const auto document = ann.get("/api/v1/documents/" + one.document).json();
        const std::string state = text(document.at("state"));
        asked_again += state == "TO_KEY" ? 1 : 0;
        if (state != "QUEUED") continue;
        const std::string queue = text(document.at("caisse")) + "/" + text(document.at("service"));
        as_settled += queue == one.queue ? 1 : 0;
        if (queue != one.queue) fmt::print("  {} in {}, settled for {}\n", one.document, queue, one.queue);
    }
    fmt::print("{} plis settled, {} put on hold\n", settled_plis, held);
    good &= figure("validations refused", std::to_string(refused), "0", refused == 0 && settled_plis > 0);
    good &= figure("settled documents asked about again", std::to_string(asked_again), "0", asked_again == 0);
    good &=
        figure("settled documents in the queue that was settled", fmt::format("{} of {}", as_settled, expected.size()),
               "all", as_settled == static_cast<int>(expected.size()) && as_settled > 0);
    if (!expected.empty()) good &= recovery_verbs(options, system, ann, expected.front().document);
    const int stopped = system.stop();
    good &= figure("graceful stop", fmt::format("exit {}", stopped), "exit 0", stopped == 0);
    const int verified = system.verify();
    good &= figure("pleiade verify", fmt::format("exit {}", verified), "exit 0", verified == 0);
    return good;
}

}  // namespace pleiade::accept
