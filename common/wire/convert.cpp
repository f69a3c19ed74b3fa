#include "common/wire/convert.h"

#include <utility>

namespace pleiade::wire {
namespace {

constexpr const char* kKeyed = "keyed";

v1::Box box_to(const Box& box) {
    v1::Box out;
    out.set_x(box.x);
    out.set_y(box.y);
    out.set_width(box.width);
    out.set_height(box.height);
    return out;
}

Box box_from(const v1::Box& box) {
    return {box.x(), box.y(), box.width(), box.height()};
}

v1::PageReading page_to(const PageReading& page) {
    v1::PageReading out;
    out.set_page(page.page);
    out.set_kind(std::string(to_word(page.kind)));
    out.set_rotation(page.rotation);
    out.set_quality(std::string(to_word(page.quality)));
    out.set_width(page.width);
    out.set_height(page.height);
    for (const auto& code : page.codes) {
        auto* added = out.add_codes();
        added->set_symbology(code.symbology);
        added->set_text(code.text);
        *added->mutable_box() = box_to(code.box);
    }
    return out;
}

PageReading page_from(const v1::PageReading& page) {
    PageReading out;
    out.page = page.page();
    out.kind = page_kind_from(page.kind()).value_or(PageKind::Document);
    out.rotation = page.rotation();
    out.quality = quality_from(page.quality()).value_or(Quality::Unreadable);
    out.width = page.width();
    out.height = page.height();
    for (const auto& code : page.codes()) out.codes.push_back({code.symbology(), code.text(), box_from(code.box())});
    return out;
}

FieldStatus status_from(const std::string& word) {
    if (word == "valid") return FieldStatus::Valid;
    if (word == "invalid") return FieldStatus::Invalid;
    return FieldStatus::Unchecked;
}

v1::Route route_to(const Route& route) {
    v1::Route out;
    out.set_processed_by(route.processed_by);
    out.set_service(route.service);
    for (const int page : route.pages) out.add_pages(page);
    out.set_priority(std::string(to_word(route.priority)));
    out.set_rule(route.rule);
    out.set_due(route.due);
    if (route.legal_due) out.set_legal_due(*route.legal_due);
    out.set_legal_rule(route.legal_rule);
    for (const auto& copy : route.copies) {
        auto* added = out.add_copies();
        added->set_processed_by(copy.processed_by);
        added->set_service(copy.service);
        for (const int page : copy.pages) added->add_pages(page);
    }
    return out;
}

Route route_from(const v1::Route& route) {
    Route out;
    out.processed_by = route.processed_by();
    out.service = route.service();
    out.pages.assign(route.pages().begin(), route.pages().end());
    out.priority = priority_from(route.priority()).value_or(Priority::P0);
    out.rule = route.rule();
    out.due = route.due();
    if (route.has_legal_due()) out.legal_due = route.legal_due();
    out.legal_rule = route.legal_rule();
    for (const auto& copy : route.copies()) {
        out.copies.push_back({copy.processed_by(), copy.service(), {copy.pages().begin(), copy.pages().end()}});
    }
    return out;
}

}  // namespace

v1::PliContext to_proto(const PliContext& context) {
    v1::PliContext out;
    out.set_lot(context.lot);
    out.set_pli(context.pli);
    out.set_file(context.file);
    out.set_caisse(context.caisse);
    out.set_received_on(context.received_on);
    out.set_scanned_at(context.scanned_at);
    out.set_registered_at(context.registered_at);
    out.set_channel(context.channel);
    out.set_registered_mail(context.registered_mail);
    if (context.original_seen) out.set_original_seen(*context.original_seen);
    return out;
}

PliContext from_proto(const v1::PliContext& context) {
    PliContext out;
    out.lot = context.lot();
    out.pli = context.pli();
    out.file = context.file();
    out.caisse = context.caisse();
    out.received_on = context.received_on();
    out.scanned_at = context.scanned_at();
    out.registered_at = context.registered_at();
    out.channel = context.channel();
    out.registered_mail = context.registered_mail();
    if (context.has_original_seen()) out.original_seen = context.original_seen();
    return out;
}

v1::StoredFile to_proto(const StoredFile& file) {
    v1::StoredFile out;
    out.set_sha256(file.sha256);
    out.set_size_bytes(file.size_bytes);
    out.set_name(file.name);
    return out;
}

StoredFile from_proto(const v1::StoredFile& file) {
    return {file.sha256(), file.size_bytes(), file.name()};
}

v1::PageRef to_proto(const PageRef& page) {
    v1::PageRef out;
    out.set_page(page.page);
    out.set_file(page.file);
    out.set_index(page.index);
    if (page.known) out.set_kind_known(std::string(to_word(*page.known)));
    return out;
}

PageRef from_proto(const v1::PageRef& page) {
    return {page.page(), page.file(), page.index(), page_kind_from(page.kind_known())};
}

v1::DocumentReading to_proto(const DocumentReading& document) {
    v1::DocumentReading out;
    out.set_id(document.id);
    out.set_type(document.type);
    out.set_confidence(document.confidence);
    out.set_certain(document.certain);
    out.set_role(std::string(to_word(document.role)));
    if (document.attached_to) out.set_attached_to(*document.attached_to);
    for (const int page : document.pages) out.add_pages(page);
    for (const auto& [page, volet] : document.volets) {
        auto* added = out.add_volets();
        added->set_page(page);
        added->set_volet(volet);
    }
    for (const auto& reason : document.reasons) {
        auto* added = out.add_reasons();
        added->set_text(reason.text);
        added->set_page(reason.page);
        *added->mutable_box() = box_to(reason.box);
    }
    for (const auto& [name, values] : document.fields) {
        for (const auto& value : values) {
            auto* added = out.add_fields();
            added->set_name(name);
            added->set_value(value.value);
            added->set_confidence(value.confidence);
            added->set_status(std::string(to_word(value.status)));
            added->set_page(value.page);
            *added->mutable_box() = box_to(value.box);
            if (value.keyed) added->set_source(kKeyed);
        }
    }
    for (const auto& what : document.settled) out.add_settled(what);
    out.set_affiliation(document.keyed_affiliation);
    for (const auto& name : document.absent) out.add_absent(name);
    for (const auto& name : document.illegible) out.add_illegible(name);
    for (const auto& tick : document.ticks) {
        auto* added = out.add_ticks();
        added->set_question(tick.question);
        added->set_answer(tick.answer);
        added->set_doubtful(tick.doubtful);
        added->set_page(tick.page);
    }
    return out;
}

DocumentReading from_proto(const v1::DocumentReading& document) {
    DocumentReading out;
    out.id = document.id();
    out.type = document.type();
    out.confidence = document.confidence();
    out.certain = document.certain();
    out.role = document.role() == to_word(Role::Attachment) ? Role::Attachment : Role::Master;
    if (document.has_attached_to()) out.attached_to = document.attached_to();
    out.pages.assign(document.pages().begin(), document.pages().end());
    for (const auto& volet : document.volets()) out.volets[volet.page()] = volet.volet();
    for (const auto& reason : document.reasons()) {
        out.reasons.push_back({reason.text(), reason.page(), box_from(reason.box())});
    }
    for (const auto& field : document.fields()) {
        out.fields[field.name()].push_back({field.value(), field.confidence(), status_from(field.status()),
                                            field.page(), box_from(field.box()), field.source() == kKeyed});
    }
    out.settled.assign(document.settled().begin(), document.settled().end());
    out.keyed_affiliation = document.affiliation();
    out.absent.assign(document.absent().begin(), document.absent().end());
    out.illegible.assign(document.illegible().begin(), document.illegible().end());
    for (const auto& tick : document.ticks()) {
        out.ticks.push_back({tick.question(), tick.answer(), tick.doubtful(), tick.page()});
    }
    return out;
}

v1::Reading to_proto(const Reading& reading) {
    v1::Reading out;
    for (const auto& page : reading.pages) *out.add_pages() = page_to(page);
    for (const auto& document : reading.documents) *out.add_documents() = to_proto(document);
    out.set_cpu_ms(reading.cpu_ms);
    out.set_reader_version(reading.reader_version);
    return out;
}

Reading from_proto(const v1::Reading& reading) {
    Reading out;
    for (const auto& page : reading.pages()) out.pages.push_back(page_from(page));
    out.documents = list_from(reading.documents());
    out.cpu_ms = reading.cpu_ms();
    out.reader_version = reading.reader_version();
    return out;
}

v1::Decision to_proto(const Decision& decision) {
    v1::Decision out;
    out.set_document(decision.document);
    out.set_kind(std::string(to_word(decision.kind)));
    out.set_secrecy(std::string(to_word(decision.secrecy)));
    for (const auto& field : decision.to_key) out.add_to_key(field);
    out.set_keyed_by(decision.keyed_by);
    out.set_keyed_before_queue(decision.keyed_before_queue);
    out.set_affiliation_caisse(decision.affiliation.caisse);
    out.set_affiliation_from(decision.affiliation.from);
    if (decision.route) *out.mutable_route() = route_to(*decision.route);
    for (const auto& reason : decision.reasons) out.add_reasons(reason);
    return out;
}

Decision from_proto(const v1::Decision& decision) {
    Decision out;
    out.document = decision.document();
    out.kind = decision.kind() == to_word(DecisionKind::Auto) ? DecisionKind::Auto : DecisionKind::Keying;
    out.secrecy = decision.secrecy() == to_word(Secrecy::Normal) ? Secrecy::Normal : Secrecy::Medical;
    out.to_key.assign(decision.to_key().begin(), decision.to_key().end());
    out.keyed_by = decision.keyed_by();
    out.keyed_before_queue = decision.keyed_before_queue();
    out.affiliation = {decision.affiliation_caisse(), decision.affiliation_from()};
    if (decision.has_route()) out.route = route_from(decision.route());
    out.reasons.assign(decision.reasons().begin(), decision.reasons().end());
    return out;
}

v1::Decisions to_proto(const std::vector<Decision>& decisions) {
    v1::Decisions out;
    for (const auto& decision : decisions) *out.add_decisions() = to_proto(decision);
    return out;
}

std::vector<Decision> from_proto(const v1::Decisions& decisions) {
    return list_from(decisions.decisions());
}

}  // namespace pleiade::wire
