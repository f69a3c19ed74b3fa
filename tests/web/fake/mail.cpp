#include "tests/web/fake/mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "common/base/sha256.h"

namespace pleiade::gateway::fake {

namespace {

constexpr int kWidth = 1654, kHeight = 2339;  // A4 at 200 dpi

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void set_box(v1::Box& box, int x, int y, int width, int height) {
    box.set_x(x);
    box.set_y(y);
    box.set_width(width);
    box.set_height(height);
}

}  // namespace

v1::Box turned(const v1::Box& box, int degrees, int width, int height) {
    v1::Box out;
    switch (degrees % 360) {
        case 90:
            set_box(out, height - box.y() - box.height(), box.x(), box.height(), box.width());
            break;
        case 180:
            set_box(out, width - box.x() - box.width(), height - box.y() - box.height(), box.width(), box.height());
            break;
        case 270:
            set_box(out, box.y(), width - box.x() - box.width(), box.height(), box.width());
            break;
        default:
            out = box;
    }
    return out;
}

std::string pli_id(int pli) {
    return sha256_hex("invented pli " + std::to_string(pli)).substr(0, 32);
}
std::string document_id(int pli, int document) {
    return pli_id(pli) + "-" + std::to_string(document);
}

DocumentBuilder::DocumentBuilder(int pli, int document, const std::string& type) {
    auto& row = *view_.mutable_row();
    row.set_id(document_id(pli, document));
    row.set_pli_id(pli_id(pli));
    row.set_lot("20261120-595-0001");
    row.set_pli(fmt::format("{:04}", pli));
    row.set_type(type);
    row.set_confidence(0.99);
    row.set_state("QUEUED");
    row.set_received_on("2026-11-20");
    row.set_secrecy("normal");
    row.set_role("master");
    row.set_decision("auto");
    row.set_queued_at_ms(now_ms() - 60'000);
    auto& context = *view_.mutable_context();
    context.set_lot(row.lot());
    context.set_pli(row.pli());
    context.set_file(row.pli() + ".tif");
    context.set_caisse("595");
    context.set_received_on("2026-11-20");
    context.set_scanned_at("2026-11-20T07:05:12+01:00");
    context.set_registered_at("2026-11-20T06:05:40Z");
    context.set_channel("post");
    auto& file = *view_.add_files();
    file.set_sha256(sha256_hex("invented scan " + std::to_string(pli)));
    file.set_size_bytes(184'320);
    file.set_name(context.file());
    auto& reading = *view_.mutable_document();
    reading.set_id(document);
    reading.set_type(type);
    reading.set_confidence(0.99);
    reading.set_certain(true);
    reading.set_role("master");
    auto& decision = *view_.mutable_decision();
    decision.set_document(document);
    decision.set_kind("auto");
    decision.set_secrecy("normal");
    decision.set_keyed_by("platform");
    decision.set_affiliation_caisse("595");
    decision.set_affiliation_from("addressed");
}

DocumentBuilder& DocumentBuilder::pages(const std::vector<int>& numbers) {
    view_.mutable_row()->set_pages(static_cast<int>(numbers.size()));
    for (const int number : numbers) {
        view_.mutable_document()->add_pages(number);
        auto& ref = *view_.add_page_refs();
        ref.set_page(number);
        ref.set_file(0);
        ref.set_index(number - 1);
        auto& page = *view_.mutable_reading()->add_pages();
        page.set_page(number);
        page.set_kind("document");
        page.set_quality("ok");
        page.set_width(kWidth);
        page.set_height(kHeight);
    }
    return *this;
}

DocumentBuilder& DocumentBuilder::to(const std::string& caisse, const std::string& service, const std::string& priority,
                                     const std::vector<int>& visible) {
    auto& row = *view_.mutable_row();
    row.set_caisse(caisse);
    row.set_service(service);
    row.set_priority(priority);
    auto& route = *view_.mutable_decision()->mutable_route();
    route.set_processed_by(caisse);
    route.set_service(service);
    route.set_priority(priority);
    route.set_rule("nomenclature " + row.type());
    for (const int page : visible) route.add_pages(page);
    return due("2026-11-20T18:00:00+01:00");
}

DocumentBuilder& DocumentBuilder::copy(const std::string& caisse, const std::string& service,
                                       const std::vector<int>& visible) {
    auto& copy = *view_.mutable_decision()->mutable_route()->add_copies();
    copy.set_processed_by(caisse);
    copy.set_service(service);
    for (const int page : visible) copy.add_pages(page);
    return *this;
}

DocumentBuilder& DocumentBuilder::field(const std::string& name, const std::string& value, double confidence,
                                        const std::string& status, int page, int x, int y, int width, int height) {
    auto& field = *view_.mutable_document()->add_fields();
    field.set_name(name);
    field.set_value(value);
    field.set_confidence(confidence);
    field.set_status(status);
    field.set_page(page);
    set_box(*field.mutable_box(), x, y, width, height);
    return *this;
}

DocumentBuilder& DocumentBuilder::reason(const std::string& text, int page, int x, int y, int width, int height) {
    auto& reason = *view_.mutable_document()->add_reasons();
    reason.set_text(text);
    reason.set_page(page);
    set_box(*reason.mutable_box(), x, y, width, height);
    return *this;
}

DocumentBuilder& DocumentBuilder::state(const std::string& state) {
    view_.mutable_row()->set_state(state);
    return *this;
}

DocumentBuilder& DocumentBuilder::confidence(double value) {
    view_.mutable_row()->set_confidence(value);
    view_.mutable_document()->set_confidence(value);
    return *this;
}

DocumentBuilder& DocumentBuilder::due(const std::string& due, const std::string& legal_due) {
    auto& route = *view_.mutable_decision()->mutable_route();
    view_.mutable_row()->set_due(due);
    route.set_due(due);
    if (!legal_due.empty()) {
        view_.mutable_row()->set_legal_due(legal_due);
        route.set_legal_due(legal_due);
    }
    return *this;
}

DocumentBuilder& DocumentBuilder::rotation(int page, int degrees) {
    for (auto& reading : *view_.mutable_reading()->mutable_pages()) {
        if (reading.page() != page) continue;
        reading.set_rotation(degrees);
        if (degrees % 180 != 0) {
            reading.set_width(kHeight);
            reading.set_height(kWidth);
        }
    }
    for (auto& field : *view_.mutable_document()->mutable_fields()) {
        if (field.page() == page) *field.mutable_box() = turned(field.box(), 360 - degrees, kWidth, kHeight);
    }
    for (auto& reason : *view_.mutable_document()->mutable_reasons()) {
        if (reason.page() == page) *reason.mutable_box() = turned(reason.box(), 360 - degrees, kWidth, kHeight);
    }
    return *this;
}

DocumentBuilder& DocumentBuilder::medical(bool medical) {
    const std::string word = medical ? "medical" : "normal";
    view_.mutable_row()->set_secrecy(word);
    view_.mutable_decision()->set_secrecy(word);
    return *this;
}

DocumentBuilder& DocumentBuilder::keying(const std::vector<std::string>& to_key) {
    view_.mutable_row()->set_decision("keying");
    view_.mutable_row()->set_state("TO_KEY");
    view_.mutable_document()->set_certain(false);
    auto& decision = *view_.mutable_decision();
    decision.set_kind("keying");
    for (const auto& field : to_key) decision.add_to_key(field);
    return *this;
}

DocumentBuilder& DocumentBuilder::waiting_seconds(int seconds) {
    view_.mutable_row()->set_queued_at_ms(now_ms() - std::int64_t{1000} * seconds);
    return *this;
}

}  // namespace pleiade::gateway::fake
