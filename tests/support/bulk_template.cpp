#include <fmt/format.h>

#include <array>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/ledger.h"
#include "tests/support/bulk_store.h"
#include "tests/support/worker_results.h"

namespace pleiade::test {
namespace {

constexpr int kLots = 20;
constexpr int kPlisOfLot = 25;
constexpr std::array kCaisses = {"595", "591", "621", "751", "131", "691", "441", "974"};
constexpr std::array kTypes = {"AAT", "FSP", "RIB", "CMU", "DAT", "CERFA_S3404", "ORD", "FACT", "COURRIER", "C2S"};
constexpr std::array kServices = {"IJ", "PRESTATIONS", "ELSM", "RENTES", "DROITS"};
constexpr std::array kPriorities = {"P0", "P1", "P2", "P3"};

template <std::size_t N>
const char* of(const std::array<const char*, N>& all, int i) {
    return all.at(static_cast<std::size_t>(i) % N);
}

v1::Register pli_of(int lot, int rank, int i) {
    v1::Register pli;
    v1::PliContext& context = *pli.mutable_context();
    context.set_lot(fmt::format("LOT-{:03}", lot));
    context.set_pli(fmt::format("{:04}", rank + 1));
    context.set_file(fmt::format("{:04}.tif", rank + 1));
    context.set_caisse(of(kCaisses, lot));
    context.set_received_on("2026-01-01");
    context.set_channel("post");
    if (i % 50 == 0) context.set_registered_mail(fmt::format("1A{:011}", i));
    v1::StoredFile& file = *pli.add_files();
    file.set_sha256(sha256_hex(fmt::format("bulk {}", i)));
    file.set_size_bytes(40'000);
    file.set_name(context.file());
    for (int page = 1; page <= 1 + i % 3; ++page) {
        pli.add_pages()->set_page(page);
        pli.mutable_pages(page - 1)->set_index(page - 1);
    }
    pli.set_manifest_json(fmt::format(R"({{"pli":"{:04}","endorsers":["A{:07}"]}})", rank + 1, i));
    return pli;
}

v1::Done reading_of(const v1::Lease& lease, int i) {
    v1::Done done = read_whole(lease);
    v1::DocumentReading& document = *done.mutable_reading()->mutable_documents(0);
    document.set_type(of(kTypes, i));
    document.add_reasons()->set_text("title of the form");
    document.mutable_fields()->Clear();
    for (const auto& [name, value] : {std::pair{"postal_code", fmt::format("59{:03}", i)}, {"nir", invented_nir(i)}}) {
        v1::FieldValue& field = *document.add_fields();
        field.set_name(name);
        field.set_value(value);
        field.set_status("valid");
        field.set_confidence(0.99);
        field.set_page(1);
    }
    return done;
}

v1::Done decisions_of(const v1::Lease& lease, int i) {
    v1::Done done = routed_at_once(lease);
    v1::Decision& decision = *done.mutable_decisions()->mutable_decisions(0);
    decision.set_kind(i % 20 == 3 ? "keying" : "auto");
    decision.set_secrecy(i % 2 == 0 ? "medical" : "normal");
    decision.mutable_route()->set_processed_by(lease.context().caisse());
    decision.mutable_route()->set_service(of(kServices, i));
    decision.mutable_route()->set_priority(of(kPriorities, i / 3));
    decision.mutable_route()->set_due("2026-01-02T18:00:00+01:00");
    return done;
}

// One batch per pli and step; the clock goes on by a second each time.
class Office {
  public:
    Office(const std::string& folder, WallTime since)
        : clock_(since), ledger_(ledger::open_sqlite_ledger({.folder = folder, .clock = &clock_, .seed = 7})) {}

    void receive(int lot) {
        v1::OpenLot opening;
        opening.set_lot(fmt::format("LOT-{:03}", lot));
        opening.set_content_sha256(sha256_hex(opening.lot()));
        opening.set_caisse(of(kCaisses, lot));
        opening.set_announced_plis(kPlisOfLot + (lot == 0 ? 1 : 0));  // one is missing
        step([&] { PLEIADE_CHECK(ledger_->open_lot({"ingest", "", ""}, opening).has_value()); });
        for (int rank = 0; rank < kPlisOfLot; ++rank) {
            const int i = lot * kPlisOfLot + rank;
            const auto key = sha256_hex(fmt::format("pli {}", i));
            step([&] { PLEIADE_CHECK(ledger_->register_pli({"ingest", key, ""}, pli_of(lot, rank, i)).has_value()); });
        }
    }

    // Every pli up to the last one, which stays to be read, as does each hundredth to be routed.
    void work() {
        for (int i = 0;; ++i) {
            std::optional<ledger::GrantedTask> task;
            step([&] { task = ledger_->lease({"reader-1@bulk", 1, fmt::format("r{}", i), {"route", "read"}}); });
            if (!task) return;
            const int n = std::stoi(task->task_id);
            if (n % 113 == 0) {
                v1::Nack nack;
                nack.set_class_("poison");
                nack.set_code("ENGINE_FAILED");
                step([&] { ledger_->give_up(task->task_id, task->fence, nack); });
                continue;
            }
            const v1::Done done =
                task->lease.stage() == "read" ? reading_of(task->lease, n) : decisions_of(task->lease, n);
            const auto digest = sha256_hex(done.SerializeAsString());
            step([&] { PLEIADE_CHECK(ledger_->finish(task->task_id, task->fence, digest, done).has_value()); });
        }
    }

    // Nine of ten of what waits in a queue are taken and acknowledged.
    void serve() {
        for (const char* caisse : kCaisses) {
            for (const char* service : kServices) serve(caisse, service);
        }
    }

  private:
    template <class Step>
    void step(Step apply) {
        ledger_->begin();
        apply();
        ledger_->commit();
        clock_.advance(std::chrono::seconds(1));
    }

    void serve(const char* caisse, const char* service) {
        v1::Take take;
        take.set_caisse(caisse);
        take.set_service(service);
        take.set_count(100);
        take.set_by("service");
        v1::Taken taken;
        step([&] { taken = ledger_->take({"service", fmt::format("take {}", ++said_), ""}, take).value(); });
        for (int i = 0; i < taken.documents_size(); ++i) {
            v1::Acknowledge receipt;
            receipt.set_document(taken.documents(i).row().id());
            receipt.set_by("service");
            receipt.set_fence(taken.documents(i).fence());
            v1::Release back;
            back.set_document(receipt.document());
            back.set_by("service");
            back.set_fence(receipt.fence());
            const std::string key = fmt::format("end {}", ++said_);
            step([&] {
                if (i % 10 == 9) {
                    PLEIADE_CHECK(ledger_->release({"service", key, ""}, back).has_value());
                } else {
                    PLEIADE_CHECK(ledger_->acknowledge({"service", key, ""}, receipt).has_value());
                }
            });
        }
    }

    ManualClock clock_;
    std::unique_ptr<ledger::Ledger> ledger_;
    int said_ = 0;
};

}  // namespace

std::int64_t build_bulk_template(const std::string& folder, WallTime since) {
    Office office(folder, since);
    for (int lot = 0; lot < kLots; ++lot) office.receive(lot);
    office.work();
    office.serve();
    return std::int64_t{kLots} * kPlisOfLot;
}

}  // namespace pleiade::test
