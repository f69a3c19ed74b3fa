#include "services/ingest/ingester.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/base/failpoint.h"
#include "common/runtime/log.h"
#include "services/ingest/durable_file.h"
#include "services/ingest/release.h"
#include "services/ingest/source_parts.h"

namespace pleiade::ingest {
namespace {

using std::chrono::milliseconds;

constexpr std::array kClaimWaits = {milliseconds{500},   milliseconds{1'000},  milliseconds{2'000},
                                    milliseconds{5'000}, milliseconds{10'000}, milliseconds{30'000},
                                    milliseconds{60'000}};
constexpr milliseconds kHubAskedEvery{5'000};
constexpr int kQuietTimesForDoubt = 5;

milliseconds wait_after(int failures) {
    return kClaimWaits[std::min(static_cast<std::size_t>(failures), kClaimWaits.size()) - 1];
}

// A loose file that ends too early may be one whose sender paused.
bool may_still_grow(const SourceLot& lot, milliseconds quiet) {
    if (!lot.loose_file || lot.plis.empty() || !lot.plis.front().rejection) return false;
    const auto& code = lot.plis.front().rejection->code;
    if (code != "REJ_FILE_TRUNCATED" && code != "REJ_FILE_EMPTY") return false;
    struct stat found {};
    timespec now{};
    if (::lstat(lot.path.c_str(), &found) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) return false;
    const auto age = std::chrono::seconds(now.tv_sec - found.st_mtim.tv_sec);
    return age >= std::chrono::seconds::zero() && age < quiet * kQuietTimesForDoubt;
}

std::string without_end_slash(const std::string& path) {
    std::string clean = path;
    while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
    return clean;
}

}  // namespace

Result<std::unique_ptr<Ingester>> Ingester::open(IngesterOptions options, IngestTools tools, IngestMetrics& metrics) {
    options.home = without_end_slash(options.home);
    for (const auto* folder : {"/inbox", "/done", "/rejected", "/vault"}) {
        if (auto made = make_folders(options.home + folder); !made) return pass_on(made);
    }
    auto claims = Claims::open(options.home + "/inbox", options.instance);
    if (!claims) return pass_on(claims);
    return std::unique_ptr<Ingester>(new Ingester(std::move(options), tools, metrics, std::move(*claims)));
}

Ingester::Ingester(IngesterOptions options, IngestTools tools, IngestMetrics& metrics, Claims claims)
    : options_(std::move(options)),
      tools_(tools),
      metrics_(metrics),
      claims_(std::move(claims)),
      inbox_(options_.home + "/inbox", options_.quiet_before_reading, tools.clock) {}

bool Ingester::step() {
    room_ = disk_has_room();
    inbox_writable_ = ::access((options_.home + "/inbox").c_str(), R_OK | W_OK | X_OK) == 0;
    ask_for_the_hub();
    bool moved = work_on_claims();
    moved = admit() || moved;
    metrics_.backlog(inbox_.count(), claims_.held().size());
    return moved;
}

bool Ingester::work_on_claims() {
    bool moved = false;
    for (const auto& claim : claims_.held()) {
        if (stopping()) break;
        const auto retry = retries_.find(claim.plan_name);
        if (retry != retries_.end() && tools_.clock.monotonic() < retry->second.not_before) continue;
        moved = work_on(claim) || moved;
    }
    return moved;
}

bool Ingester::admit() {
    bool moved = false;
    for (const auto& waiting : inbox_.ready()) {
        if (stopping() || !may_admit()) break;
        Claim claim;
        if (!take(waiting, claim)) continue;
        moved = work_on(claim) || moved;
    }
    return moved;
}

bool Ingester::take(const Waiting& waiting, Claim& claim) {
    const auto day = paris_day(waiting.arrived_ns / 1'000'000'000);
    const auto taken = waiting.loose_file ? claims_.take_file(waiting.path, waiting.caisse, day, claim)
                                          : claims_.take_lot(waiting.path, claim);
    if (!taken) {
        metrics_.failed(taken.error().code);
        runtime::log_warning("a source could not be claimed",
                             {{"error.code", taken.error().code}, {"error.message", taken.error().message}});
    }
    return taken && *taken;
}

bool Ingester::work_on(const Claim& claim) {
    Result<bool> moved = false;
    try {
        moved = advance(claim);
    } catch (const std::exception& error) {
        // Whatever a hostile source brings about, the others go on; this one stays where it is.
        moved = unavailable("INGEST_FAILED", error.what());
    }
    if (moved) {
        retries_.erase(claim.plan_name);
        return *moved;
    }
    if (moved.error().code != "STOPPING") put_off(claim, moved.error());
    return false;
}

Result<bool> Ingester::advance(const Claim& claim) {
    const ReleaseFolders folders{options_.home + "/done", options_.home + "/rejected"};
    const bool planned = ::access((claim.plan_folder + "/" + claim.plan_name).c_str(), F_OK) == 0;
    if (!planned) {
        if (claim.path.empty()) return true;
        if (!may_admit()) return false;  // later, and no fault of this source
        const auto report = hand_over(claim);
        if (!report) return pass_on(report);
        auto plan = plan_release(*report, claim.path, folders, claim.plan_folder, claim.plan_name);
        if (!plan) return plan;
        metrics_.finished(*report, static_cast<double>(tools_.clock.now().time_since_epoch().count()) / 1000.0);
        runtime::log_info("a lot was taken in", {{"lot.id", log_name(report->lot, report->loose_file)},
                                                 {"lot.plis_registered", std::int64_t{report->registered()}},
                                                 {"lot.plis_rejected", std::int64_t{report->rejected()}},
                                                 {"lot.pages", std::int64_t{report->pages()}},
                                                 {"error.code", report->rejection ? report->rejection->code : ""}});
    }
    return carry_out_release(folders, claim.plan_folder, claim.plan_name);
}

Result<LotReport> Ingester::hand_over(const Claim& claim) {
    auto source_options = options_.source;
    if (claim.loose_file) {
        if (!claim.caisse.empty()) source_options.caisse = claim.caisse;
        source_options.received_on = claim.received_on;
    }
    const auto source = open_source(claim.path, source_options);
    if (may_still_grow(source, options_.quiet_before_reading)) {
        return unavailable("SOURCE_SHORT", "a loose file ends too early; it is looked at again before it is refused");
    }
    return ingest_lot(source, tools_);
}

void Ingester::put_off(const Claim& claim, const Error& error) {
    auto& retry = retries_[claim.plan_name];
    ++retry.failures;
    retry.not_before = tools_.clock.monotonic() + wait_after(retry.failures);
    metrics_.failed(error.code);
    if (error.code == "HUB_UNREACHABLE") note_hub(false);
    runtime::log_warning("a source will be tried again", {{"source.id", claim.plan_name},
                                                          {"error.code", error.code},
                                                          {"error.message", error.message},
                                                          {"source.failures", std::int64_t{retry.failures}}});
}

void Ingester::ask_for_the_hub() {
    const auto now = tools_.clock.monotonic();
    if (hub_answers_ && now - hub_asked_ < kHubAskedEvery) return;
    note_hub(tools_.registrar.reachable());
    hub_asked_ = tools_.clock.monotonic();
}

void Ingester::note_hub(bool reachable) {
    hub_answers_ = reachable;
    metrics_.hub_reachable(reachable);
}

bool Ingester::disk_has_room() {
    struct statvfs disk {};
    if (::statvfs((options_.home + "/vault").c_str(), &disk) != 0) return false;
    const auto free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    metrics_.disk_free(free_bytes);
    return free_bytes >= options_.disk_free_bytes_min;
}

std::vector<runtime::ReadyCheck> Ingester::readiness() const {
    return {{"hub", hub_answers_, "start pleiade-hub, or check hub.work_endpoint"},
            {"disk", room_, "free some space: below ingest.disk_free_bytes_min nothing more is admitted"},
            {"inbox", inbox_writable_, "give this user the right to write in inbox/"}};
}

}  // namespace pleiade::ingest
