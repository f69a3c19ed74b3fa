#include "services/ingest/lot_ingest.h"

#include <date/date.h>
#include <fcntl.h>

#include <filesystem>

#include "common/base/failpoint.h"
#include "common/wire/convert.h"
#include "services/ingest/registration_key.h"
#include "services/ingest/safe_file.h"

namespace pleiade::ingest {
namespace {

constexpr const char* kDuplicateLot = "REJ_DUPLICATE_LOT";
constexpr const char* kAlreadyRegistered = "ALREADY_REGISTERED";

std::string now_text(const Clock& clock) {
    return date::format("%Y-%m-%dT%H:%M:%SZ", date::floor<std::chrono::seconds>(clock.now()));
}

LotReport report_on(const SourceLot& source) {
    LotReport report;
    report.lot = source.lot;
    report.loose_file = source.loose_file;
    report.content_sha256 = source.content_sha256;
    report.announced_plis = source.announced_plis;
    report.announced_pages = source.announced_pages;
    report.unlisted = source.unlisted;
    report.rejection = source.rejection;
    report.rejected_file = source.rejected_file;
    return report;
}

v1::OpenLot opening_of(const SourceLot& source) {
    v1::OpenLot lot;
    lot.set_lot(source.lot);
    lot.set_content_sha256(source.content_sha256);
    lot.set_manifest_json(source.manifest_json);
    lot.set_caisse(source.caisse);
    lot.set_announced_plis(source.announced_plis);
    lot.set_announced_pages(source.announced_pages);
    lot.set_loose_file(source.loose_file);
    return lot;
}

v1::Register registration_of(const SourcePli& pli, const std::vector<StoredFile>& files) {
    v1::Register message;
    *message.mutable_context() = wire::to_proto(pli.context);
    for (const auto& file : files) *message.add_files() = wire::to_proto(file);
    for (const auto& page : pli.pages) *message.add_pages() = wire::to_proto(page);
    message.set_manifest_json(pli.manifest_json);
    return message;
}

class LotIngest {
  public:
    LotIngest(const SourceLot& source, IngestTools tools) : source_(source), tools_(tools) {}

    Result<LotReport> run() {
        report_ = report_on(source_);
        if (source_.rejection) {
            if (source_.rejection->kind != ErrorKind::Invalid) return tl::unexpected(*source_.rejection);
            return reject_lot();
        }
        const auto opened =
            tools_.registrar.open_lot(opening_of(source_), opening_key(source_.lot, source_.content_sha256));
        if (!opened) {
            if (opened.error().code != kDuplicateLot) return pass_on(opened);
            report_.rejection =
                Error{ErrorKind::Invalid, kDuplicateLot,
                      "a lot of this number was received before with other content: check the scanner's "
                      "numbering, then drop it under a new number"};
            return reject_lot();
        }
        std::optional<Error> later;  // one pli that must wait does not hold the next ones up
        for (const auto& pli : source_.plis) {
            if (tools_.stop != nullptr && tools_.stop->load()) return unavailable("STOPPING", "a stop was asked for");
            auto outcome = pli.rejection ? reject(pli) : take(pli);
            if (outcome) {
                report_.plis.push_back(std::move(*outcome));
            } else if (!later) {
                later = outcome.error();
                if (later->code == "HUB_UNREACHABLE") break;  // each question would wait in turn
            }
        }
        if (later) return tl::unexpected(*later);
        return finished();
    }

  private:
    Result<LotReport> finished() {
        report_.at = now_text(tools_.clock);
        return std::move(report_);
    }

    Result<LotReport> reject_lot() {
        v1::Reject message;
        message.set_lot(source_.lot);
        message.set_file(report_.rejected_file);
        message.set_code(report_.rejection->code);
        message.set_message(report_.rejection->message);
        message.set_sha256(source_.content_sha256);
        message.set_caisse(source_.caisse);
        const auto key = rejection_key(source_.lot, "", report_.rejection->code, source_.content_sha256);
        if (const auto counted = tools_.registrar.reject(message, key); !counted) return pass_on(counted);
        return finished();
    }

    Result<PliOutcome> reject(const SourcePli& pli) {
        if (pli.rejection->kind != ErrorKind::Invalid) return tl::unexpected(*pli.rejection);
        v1::Reject message;
        message.set_lot(source_.lot);
        message.set_pli(pli.context.pli);
        message.set_file(pli.rejected_file);
        message.set_code(pli.rejection->code);
        message.set_message(pli.rejection->message);
        message.set_sha256(pli.rejected_sha256);
        message.set_caisse(pli.context.caisse);
        const auto key = rejection_key(source_.lot, pli.context.pli, pli.rejection->code, source_.content_sha256);
        const auto counted = tools_.registrar.reject(message, key);
        if (!counted) {
            // A decoder may fail today on a file that it read before a crash of ours: the ledger's word stands.
            if (counted.error().code == kAlreadyRegistered) return registered_before(pli);
            return pass_on(counted);
        }
        auto outcome = outcome_of(pli);
        outcome.seen_before = counted->seen_before();
        outcome.rejection = pli.rejection;
        outcome.rejected_file = pli.rejected_file;
        return outcome;
    }

    Result<PliOutcome> take(const SourcePli& pli) {
        const auto key = registration_key(source_.lot, pli.rank, pli.files);
        std::vector<StoredFile> stored;
        for (std::size_t i = 0; i < pli.files.size(); ++i) {
            auto kept = keep(pli_id_of(key), pli.paths[i], pli.files[i]);
            if (!kept) return pass_on(kept);
            stored.push_back(std::move(*kept));
        }
        if (PLEIADE_FAILPOINT("ingest.before_register") != 0)
            return unavailable("HUB_UNREACHABLE", "as a test wants it");
        const auto registered = tools_.registrar.register_pli(registration_of(pli, stored), key);
        if (!registered) return pass_on(registered);
        if (PLEIADE_FAILPOINT("ingest.after_registered") != 0)
            return unavailable("HUB_UNREACHABLE", "as a test wants it");
        if (registered->pli_id() != pli_id_of(key).str()) {  // the vault's folder bears ours: both must be one
            return unavailable("ANSWER_UNEXPECTED", "the hub names plis otherwise; are both of one version?");
        }
        auto outcome = outcome_of(pli);
        outcome.pli_id = registered->pli_id();
        outcome.seen_before = registered->seen_before();
        outcome.held_duplicate = registered->held_duplicate();
        return outcome;
    }

    Result<StoredFile> keep(const PliId& id, const std::string& path, const StoredFile& expected) {
        const std::filesystem::path file(path);
        const auto folder = file.parent_path().string();
        const Fd parent(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!parent) return source_io("opening a folder");
        const auto fd = open_regular(parent.get(), file.filename().string());
        if (!fd) return unavailable("SOURCE_CHANGED", "a file went away while it was read; the lot is read again");
        auto stored = tools_.vault.put(id, fd->get(), expected.name);
        if (!stored) return stored;
        if (stored->sha256 != expected.sha256) {
            return unavailable("SOURCE_CHANGED", "a file changed while it was read; the lot is read again");
        }
        return stored;
    }

    PliOutcome outcome_of(const SourcePli& pli) const {
        PliOutcome outcome;
        outcome.pli = pli.context.pli;
        outcome.pages = static_cast<int>(pli.pages.size());
        outcome.files = pli.files;
        outcome.present = pli.present;
        return outcome;
    }

    PliOutcome registered_before(const SourcePli& pli) const {
        auto outcome = outcome_of(pli);
        outcome.pli_id = pli_id_of(source_.lot, pli.rank, pli.files).str();
        outcome.seen_before = true;
        return outcome;
    }

    const SourceLot& source_;
    IngestTools tools_;
    LotReport report_;
};

}  // namespace

Result<LotReport> ingest_lot(const SourceLot& source, IngestTools tools) {
    return LotIngest(source, tools).run();
}

}  // namespace pleiade::ingest
