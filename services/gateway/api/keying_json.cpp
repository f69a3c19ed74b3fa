#include "services/gateway/api/keying_json.h"

#include <algorithm>
#include <map>

#include "common/wire/contract_json.h"
#include "common/wire/convert.h"
#include "services/gateway/api/json.h"

namespace pleiade::gateway {

namespace {

namespace json = boost::json;

void put(json::object& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out[name] = value;
}

template <class Repeated>
json::array words_json(const Repeated& words) {
    json::array out;
    for (const auto& word : words) out.push_back(json::string(word));
    return out;
}

json::object fields_json(const v1::DocumentReading& document) {
    json::object fields;
    for (const auto& field : document.fields()) {
        json::object one{{"value", field.value()}, {"confidence", field.confidence()}, {"status", field.status()}};
        put(one, "source", field.source());
        if (field.page() > 0) one["page"] = field.page();
        if (field.has_box() && field.box().width() > 0) {
            one["box"] = {field.box().x(), field.box().y(), field.box().width(), field.box().height()};
        }
        auto& values = fields[field.name()];
        if (!values.is_array()) values.emplace_array();
        values.as_array().push_back(std::move(one));
    }
    return fields;
}

json::array evidence_json(const v1::DocumentReading& document) {
    json::array out;
    for (const auto& reason : document.reasons()) {
        json::object one{{"text", reason.text()}};
        if (reason.page() > 0) {
            one["page"] = reason.page();
            one["box"] = {reason.box().x(), reason.box().y(), reason.box().width(), reason.box().height()};
        }
        out.push_back(std::move(one));
    }
    return out;
}

json::object document_json(const v1::KeyingDocument& document) {
    const auto& reading = document.reading();
    const auto& row = document.row();
    json::array pages;
    for (const int page : reading.pages()) pages.push_back(page);
    json::object volets;
    for (const auto& volet : reading.volets()) volets[std::to_string(volet.page())] = volet.volet();
    json::object out{{"id", row.id()},
                     {"number", reading.id()},
                     {"state", row.state()},
                     {"type", row.type()},
                     {"confidence", row.confidence()},
                     {"role", row.role()},
                     {"pages", std::move(pages)},
                     {"volets", std::move(volets)},
                     {"secrecy", row.secrecy()},
                     {"to_key", words_json(document.decision().to_key())},
                     {"why", words_json(document.decision().reasons())},
                     {"evidence", evidence_json(reading)},
                     {"fields", fields_json(reading)},
                     {"absent", words_json(reading.absent())},
                     {"illegible", words_json(reading.illegible())},
                     {"settled", words_json(reading.settled())}};
    if (reading.has_attached_to()) out["attached_to"] = reading.attached_to();
    put(out, "decision", row.decision());
    put(out, "priority", row.priority());
    put(out, "due", row.due());
    put(out, "legal_due", row.legal_due());
    if (document.has_decision()) {
        out["affiliation"] = {{"caisse", document.decision().affiliation_caisse()},
                              {"from", document.decision().affiliation_from()}};
    }
    if (document.decision().has_route()) {
        // In the contract's own words.
        const auto decision = wire::from_proto(document.decision());
        auto contract = wire::document_json(wire::from_proto(reading), &decision);
        out["route"] = std::move(contract["route"]);
    }
    if (!document.returned_code().empty()) {
        out["returned"] = {{"code", document.returned_code()}, {"note", document.returned_note()}};
    }
    if (!document.sent_to().empty() || !document.sent_note().empty()) {
        out["sent"] = {{"to", document.sent_to()}, {"note", document.sent_note()}};
    }
    return out;
}

json::array pages_json(const v1::KeyingJob& job) {
    json::array out;
    for (const auto& page : job.pages()) {
        const auto& reading = page.reading();
        json::array codes;
        for (const auto& code : reading.codes()) {
            codes.push_back(json::object{{"symbology", code.symbology()}, {"text", code.text()}});
        }
        json::object one{
            {"page", reading.page()},       {"kind", reading.kind()},      {"rotation", reading.rotation()},
            {"quality", reading.quality()}, {"width", reading.width()},    {"height", reading.height()},
            {"codes", std::move(codes)},    {"document", page.document()}, {"editable", page.editable()}};
        const auto ref = std::ranges::find(job.page_refs(), reading.page(), &v1::PageRef::page);
        if (ref != job.page_refs().end() && ref->file() >= 0 && ref->file() < job.files_size()) {
            const std::string image = image_address(job.pli_id(), job.files(ref->file()), ref->index());
            one["image"] = image;
            one["thumbnail"] = image + "?size=thumbnail";
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

std::string image_address(const std::string& pli_id, const v1::StoredFile& file, int index) {
    return "/api/v1/plis/" + pli_id + "/images/" + file.sha256() + "-" + std::to_string(index);
}

json::array rows_json(const google::protobuf::RepeatedPtrField<v1::DocumentRow>& rows) {
    json::array out;
    for (const auto& row : rows) out.push_back(row_json(row));
    return out;
}

json::object lease_json(const v1::KeyingLease& lease) {
    return {{"id", lease.id()},
            {"fence", lease.fence()},
            {"by", lease.by()},
            {"scope", lease.scope()},
            {"lease_until", time_text(lease.lease_until_ms())},
            {"lease_seconds", lease.lease_ms() / 1000}};
}

json::object job_json(const v1::KeyingJob& job) {
    json::object out = lease_json(job.lease());
    out["pli_id"] = job.pli_id();
    out["lot"] = job.context().lot();
    out["pli"] = job.context().pli();
    out["pli_state"] = job.pli_state();
    out["context"] = context_json(job.context());
    json::array documents;
    const v1::DocumentRow* soonest = nullptr;
    bool medical = false;
    for (const auto& document : job.documents()) {
        documents.push_back(document_json(document));
        medical = medical || document.row().secrecy() != "normal";
        const auto& row = document.row();
        if (!row.due().empty() && (soonest == nullptr || row.due() < soonest->due())) soonest = &row;
    }
    if (soonest != nullptr) {
        out["due"] = soonest->due();
        out["priority"] = soonest->priority();
    }
    out["secrecy"] = medical ? "medical" : "normal";
    out["documents"] = std::move(documents);
    out["pages"] = pages_json(job);
    out["others"] = rows_json(job.others());
    if (job.has_draft()) {
        json::object entries;
        for (const auto& entry : job.draft().entries()) entries[entry.path()] = entry.value();
        out["draft"] = {
            {"by", job.draft().by()}, {"at", time_text(job.draft().at_ms())}, {"entries", std::move(entries)}};
    }
    return out;
}

json::object stock_json(const v1::KeyingStock& stock) {
    json::array groups;
    for (const auto& group : stock.groups()) {
        json::object one{{"waiting", group.waiting()}, {"keying", group.keying()}};
        put(one, "caisse", group.caisse());
        put(one, "type", group.type());
        put(one, "priority", group.priority());
        put(one, "secrecy", group.secrecy());
        put(one, "skill", group.skill());
        put(one, "next_due", time_text(group.next_due_ms()));
        put(one, "oldest_at", time_text(group.oldest_at_ms()));
        groups.push_back(std::move(one));
    }
    json::object out{{"waiting", stock.waiting()},   {"keying", stock.keying()},   {"held", stock.held()},
                     {"returned", stock.returned()}, {"overdue", stock.overdue()}, {"people", stock.people()},
                     {"groups", std::move(groups)}};
    put(out, "oldest_at", time_text(stock.oldest_at_ms()));
    put(out, "next_due", time_text(stock.next_due_ms()));
    return out;
}

json::object recall_json(const v1::RecallRow& recall) {
    json::object out{{"document", row_json(recall.document())},
                     {"delivery_id", recall.delivery_id()},
                     {"caisse", recall.caisse()},
                     {"service", recall.service()},
                     {"by", recall.by()},
                     {"reason", recall.reason()},
                     {"state", recall.state()},
                     {"at", time_text(recall.at_ms())}};
    put(out, "answered_by", recall.answered_by());
    put(out, "answered_at", time_text(recall.answered_at_ms()));
    put(out, "answer", recall.answer());
    return out;
}

}  // namespace pleiade::gateway
