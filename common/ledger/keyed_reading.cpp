#include "common/ledger/keyed_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/domain/affiliation.h"
#include "common/domain/field_check.h"
#include "common/domain/reading.h"

namespace pleiade::ledger {
namespace {

constexpr const char* kKeyed = "keyed";
constexpr const char* kByAPerson = "Codé par une personne";

bool is_page_kind(const std::string& word) {
    return page_kind_from(word).has_value();
}

template <class Repeated>
bool contains(const Repeated& values, std::string_view wanted) {
    return std::any_of(values.begin(), values.end(), [&](const auto& value) { return value == wanted; });
}

void add_once(google::protobuf::RepeatedPtrField<std::string>& values, const std::string& value) {
    if (!contains(values, value)) *values.Add() = value;
}

void erase(google::protobuf::RepeatedPtrField<std::string>& values, const std::string& value) {
    for (int i = values.size() - 1; i >= 0; --i) {
        if (values.Get(i) == value) values.DeleteSubrange(i, 1);
    }
}

const v1::DocumentReading* find(const v1::Reading& reading, int number) {
    for (const auto& document : reading.documents()) {
        if (document.id() == number) return &document;
    }
    return nullptr;
}

bool has_valid(const v1::DocumentReading& document, const std::string& name) {
    return std::any_of(document.fields().begin(), document.fields().end(),
                       [&](const auto& field) { return field.name() == name && field.status() == "valid"; });
}

std::set<int> pages_of(const v1::DocumentReading& document) {
    return {document.pages().begin(), document.pages().end()};
}

class Overlay {
  public:
    Overlay(const KeyingGround& ground, const v1::ValidateKeying& keyed) : ground_(ground), keyed_(keyed) {}

    KeyedReading result() {
        lay_pages();
        check_documents();
        check_pages();
        if (!result_.problems.empty()) return std::move(result_);
        number_documents();
        lay_documents();
        check_required();
        return std::move(result_);
    }

  private:
    void problem(const std::string& pointer, const std::string& code, const std::string& message) {
        v1::KeyingProblem problem;
        problem.set_pointer(pointer);
        problem.set_code(code);
        problem.set_message(message);
        result_.problems.push_back(std::move(problem));
    }

    // The kinds and rotations of the pages, as they will be.
    void lay_pages() {
        result_.reading = ground_.reading;
        std::map<int, int> document_of;
        for (const auto& document : ground_.reading.documents()) {
            for (const int page : document.pages()) document_of[page] = document.id();
        }
        for (auto& page : *result_.reading.mutable_pages()) {
            const auto found = document_of.find(page.page());
            if (found == document_of.end() || ground_.held.contains(found->second)) ours_[page.page()] = &page;
        }
        for (int i = 0; i < keyed_.pages_size(); ++i) {
            const auto& page = keyed_.pages(i);
            const std::string pointer = fmt::format("/pages/{}", i);
            const auto found = ours_.find(page.page());
            if (found == ours_.end()) {
                problem(pointer, "KEYED_PAGE_UNKNOWN", "Cette page n'est pas de ce bail.");
            } else if (!is_page_kind(page.kind())) {
                problem(pointer, "KEYED_PAGE_KIND", "Nature de page : document, blank, separator ou envelope.");
            } else if (page.has_rotation() && page.rotation() % 90 != 0) {
                problem(pointer, "KEYED_PAGE_KIND", "Une page se tourne de 0, 90, 180 ou 270 degrés.");
            } else {
                found->second->set_kind(page.kind());
                if (page.has_rotation()) found->second->set_rotation(((page.rotation() % 360) + 360) % 360);
            }
        }
    }

    void check_documents() {
        for (int i = 0; i < keyed_.documents_size(); ++i) {
            const auto& document = keyed_.documents(i);
            const std::string pointer = fmt::format("/documents/{}", i);
            const bool known = document.number() < 0 || ground_.held.contains(document.number());
            if (document.number() == 0 || !known || !by_number_.emplace(document.number(), &document).second) {
                problem(pointer + "/number", "KEYED_DOCUMENT_UNKNOWN",
                        "Un document porte son numéro dans ce bail, une fois, ou un nombre négatif s'il est nouveau.");
            }
            if (document.type() == kUnknownType || document.type().empty()) {
                problem(pointer + "/type", "KEYED_TYPE_UNKNOWN",
                        "Choisissez le type ; s'il n'en existe pas, mettez en attente ou envoyez à un collègue.");
            } else if (ground_.types != nullptr && ground_.types->find(document.type()) == nullptr) {
                problem(pointer + "/type", "KEYED_TYPE_UNKNOWN", "Ce type n'est pas dans la nomenclature.");
            }
            if (!document.affiliation().empty() && !caisse_of_organisme_code(document.affiliation())) {
                problem(pointer + "/affiliation", "KEYED_AFFILIATION", "Une caisse a trois chiffres.");
            }
            for (const auto& volet : document.volets()) {
                if (std::find(document.pages().begin(), document.pages().end(), volet.page()) != document.pages().end())
                    continue;
                problem(pointer + "/volets", "KEYED_VOLET", "Un volet est celui d'une page du document.");
            }
        }
        for (int i = 0; i < keyed_.documents_size(); ++i) {
            const auto& document = keyed_.documents(i);
            if (!document.has_attached_to()) continue;
            const auto master = by_number_.find(document.attached_to());
            if (master == by_number_.end() || master->second->has_attached_to()) {
                problem(fmt::format("/documents/{}/attached_to", i), "KEYED_ATTACHMENT",
                        "Une pièce jointe suit un document maître de cette liste.");
            }
        }
    }

    // No page is lost, none is twice.
    void check_pages() {
        std::set<int> placed;
        for (int i = 0; i < keyed_.documents_size(); ++i) {
            const auto& document = keyed_.documents(i);
            const std::string pointer = fmt::format("/documents/{}/pages", i);
            if (document.pages().empty()) problem(pointer, "KEYED_PAGE_UNKNOWN", "Un document a au moins une page.");
            for (const int page : document.pages()) {
                const auto found = ours_.find(page);
                if (found == ours_.end()) {
                    problem(pointer, "KEYED_PAGE_UNKNOWN", fmt::format("La page {} n'est pas de ce bail.", page));
                } else if (found->second->kind() != "document") {
                    problem(pointer, "KEYED_PAGE_KIND",
                            fmt::format("La page {} n'est pas de nature document : changez sa nature.", page));
                } else if (!placed.insert(page).second) {
                    problem(pointer, "KEYED_PAGE_TWICE", fmt::format("La page {} est deux fois.", page));
                }
            }
        }
        for (const auto& [number, page] : ours_) {
            if (page->kind() != "document" || placed.contains(number)) continue;
            problem("/documents", "KEYED_PAGE_LEFT_OUT",
                    fmt::format("La page {} n'est dans aucun document : placez-la ou changez sa nature.", number));
        }
    }

    // A document keeps its number as long as it is made of the same pages, in whatever order.
    void number_documents() {
        int next = ground_.last_number;
        for (const auto& document : keyed_.documents()) {
            const auto* before = document.number() > 0 ? find(ground_.reading, document.number()) : nullptr;
            const std::set<int> pages(document.pages().begin(), document.pages().end());
            if (before != nullptr && pages_of(*before) == pages) {
                number_of_[document.number()] = document.number();
                result_.kept.insert(document.number());
            } else {
                number_of_[document.number()] = ++next;
                result_.created.insert(next);
            }
        }
        for (const int number : ground_.held) {
            if (!result_.kept.contains(number)) result_.superseded.insert(number);
        }
    }

    void lay_documents() {
        google::protobuf::RepeatedPtrField<v1::DocumentReading> documents;
        for (const auto& document : ground_.reading.documents()) {
            if (!ground_.held.contains(document.id())) *documents.Add() = document;
        }
        for (int i = 0; i < keyed_.documents_size(); ++i) *documents.Add() = laid(keyed_.documents(i), i);
        std::sort(documents.begin(), documents.end(), [](const auto& a, const auto& b) { return a.id() < b.id(); });
        *result_.reading.mutable_documents() = std::move(documents);
    }

    v1::DocumentReading laid(const v1::KeyedDocument& keyed, int index) {
        v1::DocumentReading document = inherited(keyed);
        const bool retyped = document.type() != keyed.type();
        document.set_id(number_of_.at(keyed.number()));
        document.set_type(keyed.type());
        document.set_confidence(1);
        document.set_certain(true);
        document.set_role(keyed.has_attached_to() ? "attachment" : "master");
        document.clear_attached_to();
        if (keyed.has_attached_to()) document.set_attached_to(number_of_.at(keyed.attached_to()));
        *document.mutable_pages() = keyed.pages();
        if (keyed.volets_said() || retyped) document.clear_volets();
        if (keyed.volets_said()) *document.mutable_volets() = keyed.volets();
        if (!keyed.affiliation().empty()) document.set_affiliation(*caisse_of_organisme_code(keyed.affiliation()));
        if (!std::any_of(document.reasons().begin(), document.reasons().end(),
                         [](const auto& reason) { return reason.text() == kByAPerson; })) {
            document.add_reasons()->set_text(kByAPerson);
        }
        for (const auto what : {kSettledType, kSettledPages, kSettledAffiliation, kSettledVolets}) {
            add_once(*document.mutable_settled(), std::string(what));
        }
        lay_fields(keyed, index, document);
        return document;
    }

    // What was read on these pages: of the document that it was, or of those that it is made of.
    v1::DocumentReading inherited(const v1::KeyedDocument& keyed) const {
        const std::set<int> pages(keyed.pages().begin(), keyed.pages().end());
        v1::DocumentReading document;
        if (const auto* before = keyed.number() > 0 ? find(ground_.reading, keyed.number()) : nullptr) {
            document = *before;
            document.clear_fields();
            document.clear_volets();
        }
        for (const auto& other : ground_.reading.documents()) {
            if (!ground_.held.contains(other.id())) continue;
            for (const auto& field : other.fields()) {
                const bool here = pages.contains(field.page()) || (field.page() == 0 && other.id() == keyed.number());
                if (here) *document.add_fields() = field;
            }
            for (const auto& volet : other.volets()) {
                if (pages.contains(volet.page())) *document.add_volets() = volet;
            }
        }
        return document;
    }

    void lay_fields(const v1::KeyedDocument& keyed, int index, v1::DocumentReading& document) {
        std::set<std::string> said;
        for (int i = 0; i < keyed.fields_size(); ++i) {
            const auto& field = keyed.fields(i);
            const std::string pointer = fmt::format("/documents/{}/fields/{}", index, i);
            if (!is_field_name(field.name())) {
                problem(pointer + "/name", "KEYED_FIELD_UNKNOWN", "Ce champ n'existe pas dans le contrat.");
                continue;
            }
            const bool first = said.insert(field.name()).second;
            if (first) {
                erase(*document.mutable_absent(), field.name());
                erase(*document.mutable_illegible(), field.name());
            }
            add_once(*document.mutable_settled(), field.name());
            if (field.state() == "accepted") {
                accept(field, pointer, document);
                continue;
            }
            if (first) drop(document, field.name());
            if (field.state() == "absent") {
                add_once(*document.mutable_absent(), field.name());
            } else if (field.state() == "illegible") {
                add_once(*document.mutable_illegible(), field.name());
            } else if (field.state() == kKeyed) {
                key(field, pointer, document);
            } else {
                problem(pointer + "/state", "KEYED_FIELD_UNKNOWN", "État : keyed, accepted, absent ou illegible.");
            }
        }
    }

    static void drop(v1::DocumentReading& document, const std::string& name) {
        auto& fields = *document.mutable_fields();
        for (int i = fields.size() - 1; i >= 0; --i) {
            if (fields.Get(i).name() == name) fields.DeleteSubrange(i, 1);
        }
    }

    void accept(const v1::KeyedField& field, const std::string& pointer, const v1::DocumentReading& document) {
        bool found = false;
        for (const auto& read : document.fields()) {
            if (read.name() != field.name()) continue;
            found = true;
            if (read.status() == "invalid" && !field.keep_despite_check()) {
                problem(pointer, "KEYED_CHECK_FAILED",
                        check_field(read.name(), read.value()).why_fr +
                            " Corrigez, ou gardez malgré le contrôle (keep_despite_check).");
            }
        }
        if (!found) problem(pointer, "KEYED_FIELD_MISSING", "Rien n'a été lu pour ce champ : saisissez-le.");
    }

    void key(const v1::KeyedField& field, const std::string& pointer, v1::DocumentReading& document) {
        const FieldCheck check = check_field(field.name(), field.value());
        if (check.status == FieldStatus::Invalid && (!field.keep_despite_check() || check.value.empty())) {
            problem(pointer + "/value", "KEYED_CHECK_FAILED",
                    check.why_fr + " Corrigez, ou gardez malgré le contrôle (keep_despite_check).");
            return;
        }
        v1::FieldValue& value = *document.add_fields();
        value.set_name(field.name());
        value.set_value(check.value);
        value.set_confidence(1);
        value.set_status(std::string(to_word(check.status)));
        value.set_source(kKeyed);
        value.set_page(field.page());
        if (field.has_box()) *value.mutable_box() = field.box();
    }

    // What a master holds, its attachments need not hold again.
    void check_required() {
        if (ground_.types == nullptr || !result_.problems.empty()) return;
        for (int i = 0; i < keyed_.documents_size(); ++i) {
            const auto& keyed = keyed_.documents(i);
            if (ground_.keyed_elsewhere.contains(keyed.number())) continue;
            const int number = number_of_.at(keyed.number());
            for (auto& document : *result_.reading.mutable_documents()) {
                if (document.id() == number) require(keyed, i, document);
            }
        }
    }

    void require(const v1::KeyedDocument& keyed, int index, v1::DocumentReading& document) {
        const auto* master = document.has_attached_to() ? find(result_.reading, document.attached_to()) : nullptr;
        for (const auto& name : ground_.types->find(document.type())->required) {
            if (contains(document.settled(), name) || has_valid(document, name)) continue;
            if (master != nullptr && (contains(master->settled(), name) || has_valid(*master, name))) continue;
            if (keyed.skip_doubts()) {
                add_once(*document.mutable_settled(), name);
                if (!std::any_of(document.fields().begin(), document.fields().end(),
                                 [&](const auto& field) { return field.name() == name; })) {
                    add_once(*document.mutable_illegible(), name);
                }
                continue;
            }
            problem(fmt::format("/documents/{}/fields", index), "KEYED_FIELD_MISSING",
                    fmt::format("Le champ {} est demandé par ce type : saisissez-le, ou dites-le absent ou illisible.",
                                name));
        }
    }

    const KeyingGround& ground_;
    const v1::ValidateKeying& keyed_;
    KeyedReading result_;
    std::map<int, v1::PageReading*> ours_;               // page -> itself in result_.reading
    std::map<int, const v1::KeyedDocument*> by_number_;  // as the person numbers them
    std::map<int, int> number_of_;                       // the person's number -> the final one
};

}  // namespace

KeyedReading lay_over(const KeyingGround& ground, const v1::ValidateKeying& keyed) {
    return Overlay(ground, keyed).result();
}

v1::Reading reclassified(const v1::Reading& reading, int number, const std::string& type) {
    v1::Reading changed = reading;
    for (auto& document : *changed.mutable_documents()) {
        if (document.id() != number) continue;
        if (document.type() != type) document.clear_volets();
        document.set_type(type);
        document.set_confidence(1);
        document.set_certain(true);
        document.add_reasons()->set_text("Type donné par une personne");
        add_once(*document.mutable_settled(), std::string(kSettledType));
        add_once(*document.mutable_settled(), std::string(kSettledPages));
    }
    return changed;
}

v1::Reading read_by_nobody(const google::protobuf::RepeatedPtrField<v1::PageRef>& pages) {
    v1::Reading reading;
    reading.set_reader_version("none");
    v1::DocumentReading document;
    document.set_id(1);
    document.set_type(std::string(kUnknownType));
    document.set_role("master");
    document.add_reasons()->set_text("Aucun lecteur n'a pu lire ce pli : à coder à la main");
    for (const auto& page : pages) {
        v1::PageReading& read = *reading.add_pages();
        read.set_page(page.page());
        read.set_kind(page.kind_known().empty() ? "document" : page.kind_known());
        read.set_quality("unreadable");
        if (read.kind() == "document") document.add_pages(page.page());
    }
    if (!document.pages().empty()) *reading.add_documents() = std::move(document);
    return reading;
}

}  // namespace pleiade::ledger
