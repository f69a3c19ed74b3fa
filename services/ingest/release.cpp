#include "services/ingest/release.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "common/base/failpoint.h"
#include "common/runtime/settings.h"
#include "common/vault/posix/sync.h"
#include "services/ingest/durable_file.h"
#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

namespace json = boost::json;

constexpr const char* kReport = "report.json";
constexpr const char* kRejection = "rejection.json";

// What leaves for rejected/: one pli's files, or the whole source when `pli` is empty.
struct RejectedPart {
    std::string pli;
    std::string folder;
};

struct Plan {
    LotReport report;
    std::string source;
    std::string done;  // empty when nothing of the source was taken
    std::vector<RejectedPart> rejected;
};

std::string name_of(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

bool is_folder(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

const PliOutcome* find(const LotReport& report, const std::string& pli) {
    for (const auto& outcome : report.plis) {
        if (outcome.pli == pli) return &outcome;
    }
    return nullptr;
}

std::string to_text(const Plan& plan) {
    json::array rejected;
    for (const auto& part : plan.rejected) rejected.push_back(json::object{{"pli", part.pli}, {"folder", part.folder}});
    return json::serialize(json::object{{"source", plan.source},
                                        {"done", plan.done},
                                        {"rejected", std::move(rejected)},
                                        {"report", json::parse(to_json(plan.report))}});
}

Result<Plan> from_text(std::string_view text) {
    try {
        // A file's name need not be UTF-8; its path comes back byte for byte.
        const auto value = json::parse(text, {}, json::parse_options{.allow_invalid_utf8 = true});
        Plan plan;
        plan.source = value.at("source").as_string();
        plan.done = value.at("done").as_string();
        for (const auto& part : value.at("rejected").as_array()) {
            plan.rejected.push_back(
                {std::string(part.at("pli").as_string()), std::string(part.at("folder").as_string())});
        }
        auto report = report_from_json(json::serialize(value.at("report")));
        if (!report) return pass_on(report);
        plan.report = std::move(*report);
        return plan;
    } catch (const std::exception& error) {
        return invalid("PLAN_INVALID", std::string("a plan of ours cannot be read: ") + error.what());
    }
}

Result<Plan> choose(const LotReport& report, const std::string& source, const ReleaseFolders& folders) {
    Plan plan{report, source, "", {}};
    const auto lot = folder_name(report.lot);
    if (report.rejection) {
        auto folder = reserve_folder(folders.rejected, lot);
        if (!folder) return pass_on(folder);
        plan.rejected.push_back({"", *folder});
        return plan;
    }
    for (const auto& pli : report.plis) {
        if (!pli.rejection) continue;
        const auto parent = folders.rejected + "/" + lot;
        if (auto made = make_folders(parent); !made) return pass_on(made);
        auto folder = reserve_folder(parent, folder_name(pli.pli));
        if (!folder) return pass_on(folder);
        plan.rejected.push_back({pli.pli, *folder});
    }
    if (!report.loose_file || report.registered() > 0) {
        auto folder = reserve_folder(folders.done, lot);
        if (!folder) return pass_on(folder);
        plan.done = *folder;
    }
    return plan;
}

// Our report never takes the place of a source that bears its name; ours, from an earlier life, has the same bytes.
Result<bool> write_report(const std::string& folder, const std::string& name, const std::string& text) {
    struct stat found {};
    const auto path = folder + "/" + name;
    if (::lstat(path.c_str(), &found) == 0) {
        if (S_ISREG(found.st_mode) && runtime::read_file(path).value_or("") == text) return true;
        auto aside = reserve_folder(folder, "received-" + name);
        if (!aside) return pass_on(aside);
        if (auto moved = move_durably(path, *aside + "/" + name); !moved) return moved;
    }
    return write_durably(folder, name, text);
}

Result<bool> reject_whole(const Plan& plan, const RejectedPart& part) {
    // A folder takes the place of the reserved one; anything else goes inside.
    const auto to =
        plan.report.loose_file || !is_folder(plan.source) ? part.folder + "/" + name_of(plan.source) : part.folder;
    if (auto moved = move_durably(plan.source, to); !moved) return moved;
    return write_report(part.folder, kRejection,
                        rejection_json(plan.report, "", plan.report.rejected_file, *plan.report.rejection));
}

Result<bool> reject_pli(const Plan& plan, const RejectedPart& part) {
    const auto* outcome = find(plan.report, part.pli);
    if (outcome == nullptr || !outcome->rejection) return invalid("PLAN_INVALID", "a plan names a pli that it lacks");
    for (const auto& name : outcome->present) {
        const auto from = plan.report.loose_file ? plan.source : plan.source + "/" + name;
        if (auto moved = move_durably(from, part.folder + "/" + name); !moved) return moved;
        PLEIADE_FAILPOINT("ingest.mid_release");
    }
    return write_report(part.folder, kRejection,
                        rejection_json(plan.report, part.pli, outcome->rejected_file, *outcome->rejection));
}

Result<bool> finish(const Plan& plan) {
    if (plan.report.loose_file) {
        if (auto moved = move_durably(plan.source, plan.done + "/" + name_of(plan.source)); !moved) return moved;
        return write_report(plan.done, kReport, to_json(plan.report));
    }
    if (is_folder(plan.source)) {
        if (auto written = write_report(plan.source, kReport, to_json(plan.report)); !written) return written;
    }
    return move_durably(plan.source, plan.done);
}

}  // namespace

Result<bool> plan_release(const LotReport& report, const std::string& source_path, const ReleaseFolders& folders,
                          const std::string& plan_folder, const std::string& plan_name) {
    const auto plan = choose(report, source_path, folders);
    if (!plan) return pass_on(plan);
    PLEIADE_FAILPOINT("ingest.before_plan");
    return write_durably(plan_folder, plan_name, to_text(*plan));
}

Result<bool> carry_out_release(const std::string& plan_folder, const std::string& plan_name) {
    const auto path = plan_folder + "/" + plan_name;
    const auto text = runtime::read_file(path);
    if (!text) return pass_on(text);
    const auto plan = from_text(*text);
    if (!plan) return pass_on(plan);
    PLEIADE_FAILPOINT("ingest.before_release");
    for (const auto& part : plan->rejected) {
        auto left = part.pli.empty() ? reject_whole(*plan, part) : reject_pli(*plan, part);
        if (!left) return left;
    }
    if (!plan->done.empty()) {
        if (auto left = finish(*plan); !left) return left;
    }
    PLEIADE_FAILPOINT("ingest.after_release");
    if (::unlink(path.c_str()) != 0) return unavailable("RELEASE_IO", "a finished plan could not be removed");
    vault::sync_folder_or_abort(plan_folder);
    return true;
}

}  // namespace pleiade::ingest
