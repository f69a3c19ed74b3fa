#include "services/ingest/release.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/runtime/settings.h"
#include "common/vault/posix/sync.h"
#include "services/ingest/durable_file.h"
#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

namespace json = boost::json;

constexpr const char* kReport = "report.json";
constexpr const char* kRejection = "rejection.json";
constexpr int kNamesTriedMax = 100;  // by one life; a name is only lost to another ingester in the same instant

// What leaves for rejected/: one pli's files, or the whole source when `pli` is empty.
struct RejectedPart {
    std::string pli;
    std::string folder;
};

struct Plan {
    LotReport report;
    std::string source;
    bool source_is_folder = false;
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
                                        {"source_is_folder", plan.source_is_folder},
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
        plan.source_is_folder = value.at("source_is_folder").as_bool();
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

std::string rejected_folder(const LotReport& report, const std::string& pli, const ReleaseFolders& folders) {
    const auto lot = folder_name(report.lot);
    return pli.empty() ? free_path(folders.rejected, lot) : free_path(folders.rejected + "/" + lot, folder_name(pli));
}

std::string done_folder(const LotReport& report, const ReleaseFolders& folders) {
    return free_path(folders.done, folder_name(report.lot));
}

// Touches nothing: a name is only taken by the rename that fills it.
Plan choose(const LotReport& report, const std::string& source, const ReleaseFolders& folders) {
    Plan plan{report, source, is_folder(source), "", {}};
    if (report.rejection) {
        plan.rejected.push_back({"", rejected_folder(report, "", folders)});
        return plan;
    }
    for (const auto& pli : report.plis) {
        if (pli.rejection) plan.rejected.push_back({pli.pli, rejected_folder(report, pli.pli, folders)});
    }
    if (!report.loose_file || report.registered() > 0) plan.done = done_folder(report, folders);
    return plan;
}

bool holds(const std::string& path, const std::string& text) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
           runtime::read_file(path).value_or("") == text;
}

bool is_there(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0;
}

// Our report never takes the place of a source that bears its name; ours, from an earlier life, has the same bytes.
Result<bool> write_report(const std::string& folder, const std::string& name, const std::string& text) {
    const auto path = folder + "/" + name;
    if (holds(path, text)) return true;
    if (is_there(path)) {
        if (auto moved = move_durably(path, free_path(folder, "received-" + name)); !moved) return moved;
    }
    return write_durably(folder, name, text);
}

// Does what the plan of this path says.
// Kept and tried again, as when the disk refuses.
tl::unexpected<Error> injected() {
    return unavailable("RELEASE_IO", "a release was stopped on purpose; it is tried again");
}

class Release {
  public:
    Release(const Plan& plan, std::string plan_path) : plan_(plan), plan_path_(std::move(plan_path)) {}

    Result<bool> reject(const RejectedPart& part) const {
        if (part.pli.empty()) {
            const auto text = rejection_json(plan_.report, "", plan_.report.rejected_file, *plan_.report.rejection);
            return plan_.source_is_folder ? move_source(part.folder, kRejection, text)
                                          : fill(part.folder, "", {plan_.source}, kRejection, text);
        }
        const auto* outcome = find(plan_.report, part.pli);
        if (outcome == nullptr || !outcome->rejection) {
            return invalid("PLAN_INVALID", "a plan names a pli that it lacks");
        }
        std::vector<std::string> files;
        for (const auto& name : outcome->present) {
            files.push_back(plan_.report.loose_file ? plan_.source : plan_.source + "/" + name);
        }
        return fill(part.folder, part.pli, files, kRejection,
                    rejection_json(plan_.report, part.pli, outcome->rejected_file, *outcome->rejection));
    }

    Result<bool> finish() const {
        const auto text = to_json(plan_.report);
        return plan_.source_is_folder ? move_source(plan_.done, kReport, text)
                                      : fill(plan_.done, "", {plan_.source}, kReport, text);
    }

  private:
    Result<bool> move_source(const std::string& to, const char* report_name, const std::string& report) const {
        if (is_folder(plan_.source)) {
            if (auto written = write_report(plan_.source, report_name, report); !written) return written;
        }
        return move_durably(plan_.source, to);
    }

    // A new folder of these files and our report. It is put together under a hidden name and shown whole, so that
    // whatever bears the name `to` is somebody else's, and no folder is ever shared.
    Result<bool> fill(const std::string& to, const std::string& pli, const std::vector<std::string>& files,
                      const char* report_name, const std::string& report) const {
        const auto parent = std::filesystem::path(to).parent_path().string();
        const auto draft = parent + "/." + sha256_hex(plan_path_ + "/" + pli).substr(0, 32) + ".draft";
        const bool begun = is_there(draft);
        const bool all_gone = std::none_of(files.begin(), files.end(), is_there);
        if (!begun && all_gone && holds(to + "/" + report_name, report)) return true;  // an earlier life did it
        if (auto made = make_folders(draft); !made) return made;
        for (const auto& file : files) {
            if (auto moved = move_durably(file, draft + "/" + name_of(file)); !moved) return moved;
            if (PLEIADE_FAILPOINT("ingest.mid_release") != 0) return injected();
        }
        if (auto written = write_report(draft, report_name, report); !written) return written;
        return move_durably(draft, to);
    }

    const Plan& plan_;
    std::string plan_path_;
};

}  // namespace

Result<bool> plan_release(const LotReport& report, const std::string& source_path, const ReleaseFolders& folders,
                          const std::string& plan_folder, const std::string& plan_name) {
    const auto plan = choose(report, source_path, folders);
    if (PLEIADE_FAILPOINT("ingest.before_plan") != 0) return injected();
    return write_durably(plan_folder, plan_name, to_text(plan));
}

Result<bool> carry_out_release(const ReleaseFolders& folders, const std::string& plan_folder,
                               const std::string& plan_name) {
    const auto path = plan_folder + "/" + plan_name;
    const auto text = runtime::read_file(path);
    if (!text) return pass_on(text);
    auto plan = from_text(*text);
    if (!plan) return pass_on(plan);
    const Release release(*plan, path);

    // Somebody may have taken the name since it was chosen: the next free one is written down before it is tried.
    const auto settle = [&](std::string& destination, const auto& step, const auto& next_name) -> Result<bool> {
        for (int tried = 1;; ++tried) {
            auto left = step();
            if (left || left.error().code != kReleaseTaken || tried == kNamesTriedMax) return left;
            destination = next_name();
            if (auto written = write_durably(plan_folder, plan_name, to_text(*plan)); !written) return written;
        }
    };
    if (PLEIADE_FAILPOINT("ingest.before_release") != 0) return injected();
    for (auto& part : plan->rejected) {
        auto left = settle(
            part.folder, [&] { return release.reject(part); },
            [&] { return rejected_folder(plan->report, part.pli, folders); });
        if (!left) return left;
    }
    if (!plan->done.empty()) {
        auto left = settle(
            plan->done, [&] { return release.finish(); }, [&] { return done_folder(plan->report, folders); });
        if (!left) return left;
    }
    if (PLEIADE_FAILPOINT("ingest.after_release") != 0) return injected();
    if (::unlink(path.c_str()) != 0) return unavailable("RELEASE_IO", "a finished plan could not be removed");
    vault::sync_folder_or_abort(plan_folder);
    return true;
}

}  // namespace pleiade::ingest
