#include "common/domain/field_check.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "common/domain/affiliation.h"
#include "common/domain/identifiers/date_text.h"
#include "common/domain/identifiers/finess.h"
#include "common/domain/identifiers/iban.h"
#include "common/domain/identifiers/nir.h"
#include "common/domain/identifiers/postal_code.h"
#include "common/domain/identifiers/practitioner.h"
#include "common/domain/identifiers/siret.h"

namespace pleiade {
namespace {

constexpr std::size_t kNameBytesMax = 100;
constexpr CivilDate kNoLaterThan{9999, 12, 31};

std::string trimmed(std::string_view text) {
    const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
    while (!text.empty() && is_space(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && is_space(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return std::string(text);
}

FieldCheck judged(std::string_view text, const std::optional<Parsed>& parsed, const char* why_form,
                  const char* why_rule) {
    if (!parsed) return {trimmed(text), FieldStatus::Invalid, why_form};
    return {parsed->value, parsed->status, parsed->status == FieldStatus::Invalid ? why_rule : ""};
}

FieldCheck check_person_number(std::string_view text) {
    std::optional<Parsed> parsed;
    if (const auto number = parse_person_number(text)) parsed = Parsed{number->value, number->status};
    return judged(text, parsed, "Un NIR a 13 ou 15 caractères ; 2A et 2B pour la Corse.",
                  "La clé du NIR ne correspond pas.");
}

FieldCheck check_date(std::string_view text) {
    const std::string plain = trimmed(text);
    std::optional<CivilDate> date = civil_date_of(plain);
    const auto digits = std::count_if(plain.begin(), plain.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!date && digits == 8) date = parse_date(plain, kNoLaterThan);
    if (!date) return {plain, FieldStatus::Invalid, "Une date s'écrit JJ/MM/AAAA et existe au calendrier."};
    return {to_iso(*date), FieldStatus::Valid, ""};
}

FieldCheck check_name(std::string_view text) {
    std::string name = trimmed(text);
    // Letters of UTF-8 beyond ASCII count: nobody is refused for her name.
    const bool has_letter =
        std::any_of(name.begin(), name.end(), [](unsigned char c) { return c >= 0x80 || std::isalpha(c) != 0; });
    const bool plain = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; });
    if (!has_letter || !plain || name.size() > kNameBytesMax) {
        return {std::move(name), FieldStatus::Invalid, "Un nom a au moins une lettre et tient en 100 octets."};
    }
    return {std::move(name), FieldStatus::Unchecked, ""};
}

FieldCheck check_caisse(std::string_view text) {
    std::optional<Parsed> parsed;
    if (caisse_of_organisme_code(text)) parsed = Parsed{trimmed(text), FieldStatus::Valid};
    return judged(text, parsed, "Un code organisme du régime général : 595, 01595 ou 01 595 0000.", "");
}

using Check = FieldCheck (*)(std::string_view);

constexpr std::array<std::pair<std::string_view, Check>, 15> kChecks = {{
    {"nir", check_person_number},
    {"beneficiary_nir", check_person_number},
    {"birth_date", check_date},
    {"last_name", check_name},
    {"first_name", check_name},
    {"postal_code",
     [](std::string_view text) {
         return judged(text, parse_postal_code(text), "Un code postal a cinq chiffres et un département qui existe.",
                       "");
     }},
    {"iban",
     [](std::string_view text) {
         return judged(text, parse_iban(text), "Un IBAN commence par le pays et sa clé, et a la longueur de son pays.",
                       "La clé de l'IBAN ne correspond pas.");
     }},
    {"siret",
     [](std::string_view text) {
         return judged(text, parse_siret(text), "Un SIRET a 14 chiffres.", "La clé du SIRET ne correspond pas.");
     }},
    {"finess",
     [](std::string_view text) {
         return judged(text, parse_finess(text), "Un FINESS a 9 caractères.", "La clé du FINESS ne correspond pas.");
     }},
    {"rpps",
     [](std::string_view text) {
         return judged(text, parse_rpps(text), "Un RPPS a 11 chiffres.", "La clé du RPPS ne correspond pas.");
     }},
    {"caisse", check_caisse},
    {"document_date", check_date},
    {"accident_date", check_date},
    {"period_from", check_date},
    {"period_to", check_date},
}};
static_assert(kChecks.size() == kFieldNames.size());

}  // namespace

bool is_field_name(std::string_view name) {
    return std::find(kFieldNames.begin(), kFieldNames.end(), name) != kFieldNames.end();
}

FieldCheck check_field(std::string_view name, std::string_view text) {
    const auto found = std::find_if(kChecks.begin(), kChecks.end(), [&](const auto& one) { return one.first == name; });
    if (found == kChecks.end()) return {trimmed(text), FieldStatus::Invalid, "Ce champ n'existe pas dans le contrat."};
    return found->second(text);
}

}  // namespace pleiade
