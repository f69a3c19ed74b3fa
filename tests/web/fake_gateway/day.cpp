#include "tests/web/fake_gateway/day.h"

#include <fmt/chrono.h>

#include <array>
#include <chrono>
#include <random>

#include "tests/web/fake/mail.h"

namespace pleiade::gateway::fake {

namespace {

std::string in_minutes(int minutes) {
    const auto at = std::chrono::system_clock::now() + std::chrono::minutes(minutes);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

// The one that the screens are looked at with: three volets, the second upside down, one field that needs a person.
v1::DocumentView sick_leave() {
    return DocumentBuilder(1, 1, "AAT")
        .pages({1, 2, 3})
        .to("595", "IJ", "P1", {2})
        .copy("595", "ELSM", {1, 2})
        .medical(true)
        .confidence(0.991)
        .due(in_minutes(95), "2026-11-23")
        .waiting_seconds(2'460)
        .field("nir", "255081416802538", 0.998, "valid", 2, 310, 420, 840, 60)
        .field("last_name", "INVENTEL", 0.93, "unchecked", 2, 310, 560, 560, 60)
        .field("first_name", "MADELEINE", 0.95, "unchecked", 2, 930, 560, 560, 60)
        .field("birth_date", "1955-08-14", 0.97, "valid", 2, 310, 700, 420, 60)
        .field("postal_code", "59500", 0.96, "valid", 2, 930, 700, 260, 60)
        .field("period_from", "2026-11-12", 0.97, "valid", 2, 310, 840, 420, 60)
        .field("period_to", "2026-11-26", 0.94, "valid", 2, 930, 840, 420, 60)
        .field("rpps", "10003456789", 0.88, "invalid", 2, 310, 980, 560, 60)
        .reason("cerfa 10170 lu en haut à droite", 2, 1150, 120, 360, 60)
        .reason("titre «avis d'arrêt de travail»", 2, 140, 130, 720, 80)
        .rotation(2, 180)
        .build();
}

v1::DocumentView bank_details() {
    return DocumentBuilder(1, 4, "RIB")
        .pages({4})
        .to("595", "GDB", "P3", {4})
        .confidence(0.984)
        .due(in_minutes(60 * 30))
        .waiting_seconds(2'460)
        .field("iban", "FR7630006000011234567890189", 0.99, "valid", 4, 200, 560, 1250, 60)
        .field("last_name", "INVENTEL", 0.91, "unchecked", 4, 200, 720, 560, 60)
        .reason("titre «relevé d'identité bancaire»", 4, 140, 130, 720, 80)
        .build();
}

v1::DocumentView to_key() {
    return DocumentBuilder(2, 1, "CM_ATMP")
        .pages({1, 2})
        .to("595", "ATMP", "P1", {2})
        .medical(true)
        .confidence(0.71)
        .due(in_minutes(40))
        .field("nir", "1580259350011", 0.61, "invalid", 1, 310, 420, 840, 60)
        .field("document_date", "2026-11-18", 0.9, "valid", 1, 310, 560, 420, 60)
        .reason("mots «certificat médical» et «accident du travail»", 1, 140, 130, 900, 80)
        .rotation(1, 90)
        .keying({"nir", "accident_date"})
        .build();
}

v1::DocumentView unknown_letter() {
    auto view = DocumentBuilder(3, 1, "UNKNOWN").pages({1}).medical(true).confidence(0.22).keying({}).build();
    view.mutable_decision()->clear_route();
    return view;
}

struct Kind {
    const char* type;
    const char* caisse;
    const char* service;
    const char* priority;
    int count;
    int due_minutes;
};
constexpr std::array kKinds = {
    Kind{"FSP_MED", "595", "FSP", "P3", 24, 60 * 54},
    Kind{"FSP_AUX", "595", "FSP", "P3", 9, 60 * 54},
    Kind{"AAT", "595", "IJ", "P1", 13, 95},
    Kind{"AAT", "594", "IJ", "P1", 6, 95},
    Kind{"CM_ATMP", "595", "ATMP", "P1", 4, 95},
    Kind{"PMT", "595", "TRANSPORT", "P3", 7, 60 * 54},
    Kind{"C2S", "595", "C2S", "P2", 5, 60 * 30},
    Kind{"RIB", "597", "GDB", "P3", 6, 60 * 54},
    Kind{"AAT", "595", "IJ", "P0", 2, -12},
    Kind{"FACT_TRANSP", "624", "TRANSPORT", "P3", 3, 60 * 54},
    Kind{"PROT_ALD", "595", "ELSM", "P2", 4, 60 * 30},
    Kind{"INVALIDITE", "595", "INVAL", "P2", 2, -95},
};

void add_others(std::vector<v1::DocumentView>& documents) {
    std::mt19937 random(20261120);
    int pli = 100;
    for (const auto& kind : kKinds) {
        for (int i = 0; i < kind.count; ++i) {
            auto builder = DocumentBuilder(++pli, 1, kind.type);
            builder.pages({1})
                .to(kind.caisse, kind.service, kind.priority, {1})
                .confidence(0.96 + static_cast<double>(random() % 40) / 1000)
                .due(in_minutes(kind.due_minutes + static_cast<int>(random() % 3)))
                .waiting_seconds(static_cast<int>(60 + random() % 9'000))
                .field("nir", "255081416802538", 0.99, "valid", 1, 310, 420, 840, 60)
                .reason("titre reconnu", 1, 140, 130, 720, 80);
            if (i % 7 == 6) builder.state("CLOSED");
            documents.push_back(builder.build());
        }
    }
}

}  // namespace

std::vector<v1::DocumentView> invented_documents() {
    std::vector<v1::DocumentView> documents = {sick_leave(), bank_details(), to_key(), unknown_letter()};
    add_others(documents);
    return documents;
}

void fill_desk(FakeDesk& desk, const std::vector<v1::DocumentView>& documents) {
    for (const auto& document : documents) desk.add(document);
    const auto refuse = [&](const char* pli, const char* file, const char* code, const char* message) {
        v1::RejectionRow row;
        row.set_lot("20261120-595-0002");
        row.set_pli(pli);
        row.set_file(file);
        row.set_code(code);
        row.set_message(message);
        row.set_at_ms(1'795'154'700'000);
        desk.add_rejection(row);
    };
    refuse("0007", "0007.tif", "REJ_FILE_TRUNCATED", "the file ends before its pixels");
    refuse("0019", "0019.pdf", "REJ_FILE_ENCRYPTED", "the PDF asks for a password");
    const auto worker = [&](const char* name, const char* state, std::uint64_t done) {
        v1::WorkerRow row;
        row.set_worker(name);
        row.set_state(state);
        row.set_done(done);
        row.set_since_ms(std::chrono::duration_cast<std::chrono::milliseconds>(
                             (std::chrono::system_clock::now() - std::chrono::seconds(3)).time_since_epoch())
                             .count());
        desk.add_worker(row);
    };
    worker("reader-1@douai", "working", 412);
    worker("reader-2@douai", "working", 405);
    worker("router-1@douai", "idle", 815);
    desk.tweak_status([](v1::Status& status) {
        status.set_plis_announced(status.plis_announced() + 3);
        status.set_plis_received(status.plis_received() + 2);
        status.set_plis_registered(status.plis_registered() + 2);
        status.set_plis_missing(1);
        status.set_plis_in_flight(2);
        status.set_pages_blank(31);
        status.set_pages_envelope(4);
        status.set_pages_in_flight(5);
        status.set_pages_scanned(status.pages_in_documents() + 31 + 4 + 5);
        for (auto& queue : *status.mutable_queues()) {
            queue.set_in_last_minutes(queue.depth() / 2);
            queue.set_out_last_minutes(queue.depth() / 3);
            if (queue.priority() == "P0" || queue.service() == "INVAL") queue.set_overdue(queue.depth());
        }
    });
}

}  // namespace pleiade::gateway::fake
