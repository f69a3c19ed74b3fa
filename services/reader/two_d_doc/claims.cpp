#include "services/reader/two_d_doc/claims.h"

#include <algorithm>
#include <optional>
#include <set>

#include "common/base/csv.h"
#include "common/domain/identifiers/finess.h"
#include "common/domain/identifiers/iban.h"
#include "common/domain/identifiers/postal_code.h"
#include "common/domain/identifiers/practitioner.h"
#include "common/domain/identifiers/siret.h"
#include "services/reader/mrz/zone.h"

namespace pleiade::reader::two_d_doc {
namespace {

constexpr std::size_t kNameBytesMax = 80;

std::optional<std::string> name_in(std::string_view text) {
    const auto name = trim(text);
    if (name.empty() || name.size() > kNameBytesMax) return std::nullopt;
    const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ' || c == '-' || c == '\'' ||
               static_cast<unsigned char>(c) >= 0x80;
    });
    return letters ? std::optional(std::string(name)) : std::nullopt;
}

std::optional<CivilDate> day_in(std::string_view text) {
    if (text.size() != 8 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t count) {
        return std::stoi(std::string(text.substr(at, count)));
    };
    return civil_date(number(4, 4), number(2, 2), number(0, 2));
}

// An identifier whose own rule does not hold is no identifier, whoever signed it.
std::optional<std::string> identifier_in(const std::string& field, std::string_view text) {
    std::optional<Parsed> parsed;
    if (field == "iban") parsed = parse_iban(text);
    if (field == "siret") parsed = parse_siret(text);
    if (field == "finess") parsed = parse_finess(text);
    if (field == "rpps") parsed = parse_rpps(text);
    if (field == "postal_code") parsed = parse_postal_code(text);
    if (!parsed || parsed->status == FieldStatus::Invalid) return std::nullopt;
    return parsed->value;
}

class Claims {
  public:
    Claims(const Document& document, const DataTable& table, FieldStatus status, const Date& received_on)
        : document_(document), table_(table), status_(status), received_(civil_date_of(received_on)) {}

    std::vector<Claim> all() {
        std::set<std::string> seen;
        for (const auto& value : document_.values) {
            const auto* datum = table_.find(value.id);
            const auto text = document_.value(value.id);
            if (datum == nullptr || !text || text->empty() || !seen.insert(value.id).second) continue;
            claim(*datum, *text);
        }
        if (document_.header.issued) {
            const auto& issued = *document_.header.issued;
            if (received_ && issued <= *received_) add("document_date", to_iso(issued));
        }
        drop_what_disagrees();
        return std::move(claims_);
    }

  private:
    void claim(const Datum& datum, const std::string& text) {
        switch (datum.writing) {
            case Writing::Person:
                return person(text);
            case Writing::Mrz:
                return zone(text);
            case Writing::Day:
                if (const auto day = day_in(text); day && received_ && *day <= *received_)
                    add(datum.field, to_iso(*day));
                return;
            case Writing::Address:
                return address(datum.field, text);
            case Writing::Names:
                return name(datum.field, split(text, '/').front());
            case Writing::Text:
                break;
        }
        if (datum.field == "last_name" || datum.field == "first_name") return name(datum.field, text);
        if (datum.field.empty()) return;
        if (const auto identifier = identifier_in(datum.field, text)) add(datum.field, *identifier);
    }

    void name(const std::string& field, std::string_view text) {
        if (const auto found = name_in(text)) add(field, *found);
    }

    // Title, last name and first name are told apart by their slashes alone; a company has none.
    void person(const std::string& text) {
        const auto parts = split(text, '/');
        if (parts.size() != 3) return;
        name("last_name", parts[1]);
        name("first_name", parts[2]);
    }

    void address(const std::string& field, const std::string& text) {
        std::optional<std::string> only;
        for (const auto& part : split(text, '/')) {
            const auto found = trim(part).size() == 5 ? identifier_in(field, trim(part)) : std::nullopt;
            if (!found) continue;
            if (only) return;
            only = found;
        }
        if (only) add(field, *only);
    }

    void zone(const std::string& text) {
        const auto found = mrz::parse_joined(text);
        if (!found || !found->holds()) return;
        name("last_name", found->last_name);
        name("first_name", found->first_name);
        if (!received_) return;
        const auto birth = mrz::birth_of(*found, *received_);
        if (birth && birth->century_sure) add("birth_date", to_iso(birth->date));
    }

    void add(const std::string& field, std::string value) { claims_.push_back({field, std::move(value), status_}); }

    // Two data that give one field two values (first names in full, and the usual one) leave it to the text.
    void drop_what_disagrees() {
        std::set<std::string> unsure;
        for (const auto& a : claims_) {
            for (const auto& b : claims_) {
                if (a.field == b.field && a.value != b.value) unsure.insert(a.field);
            }
        }
        std::set<std::string> kept;
        std::erase_if(claims_, [&](const Claim& claim) {
            return unsure.contains(claim.field) || !kept.insert(claim.field).second;
        });
    }

    const Document& document_;
    const DataTable& table_;
    FieldStatus status_;
    std::optional<CivilDate> received_;
    std::vector<Claim> claims_;
};

}  // namespace

std::vector<Claim> claims_of(const Document& document, const DataTable& table, Seal seal, const Date& received_on) {
    if (seal == Seal::Bad) return {};
    const auto status = seal == Seal::Verified && !document.torn ? FieldStatus::Valid : FieldStatus::Unchecked;
    return Claims(document, table, status, received_on).all();
}

}  // namespace pleiade::reader::two_d_doc
