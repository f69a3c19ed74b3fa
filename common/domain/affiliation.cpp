#include "common/domain/affiliation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pleiade {
namespace {

constexpr std::size_t kReadingsMax = 4;  // of one field: a zone made for machines and the text beside it, misread apart

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string without_spaces(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        if (!std::isspace(static_cast<unsigned char>(c))) kept += c;
    }
    return kept;
}

std::string named(const Organisme& organisme) {
    return fmt::format("{} ({})", organisme.caisse, organisme.label_fr);
}

// A caisse that somebody names, and what remains of it after mergers.
AffiliationFinding finding(std::string_view from, std::string_view because, std::string_view caisse,
                           const Succession& succession) {
    AffiliationFinding found;
    found.organisme = succession.organisme;
    found.affiliation = {succession.organisme->caisse, std::string(from)};
    found.certain = true;
    if (succession.closed.empty()) {
        found.reasons.push_back(fmt::format("Caisse {} : {}", named(*succession.organisme), because));
    } else {
        found.reasons.push_back(
            fmt::format("Caisse {} ({}) fermée, reprise par {}", caisse, because, named(*succession.organisme)));
    }
    return found;
}

AffiliationFinding addressed(const PliContext& context, const Organismes& organismes) {
    if (const auto known = organismes.resolve(context.caisse)) {
        return finding(kFromAddressed, "adresse du pli", context.caisse, *known);
    }
    AffiliationFinding unknown;
    unknown.affiliation = {context.caisse, std::string(kFromAddressed)};
    unknown.reasons.push_back(fmt::format("Caisse {} inconnue du référentiel : à désigner", context.caisse));
    return unknown;
}

template <class CaisseOf>
std::vector<Caisse> caisses_named(const Fields& fields, const char* name, FieldStatus status, CaisseOf caisse_of) {
    std::vector<Caisse> caisses;
    const auto values = fields.find(name);
    if (values == fields.end()) return caisses;
    for (const auto& value : values->second) {
        if (value.status != status) continue;
        const auto caisse = caisse_of(value.value);
        if (caisse && std::find(caisses.begin(), caisses.end(), *caisse) == caisses.end()) caisses.push_back(*caisse);
    }
    return caisses;
}

// A code that was written and is not certain. Read as the caisse that the pli was addressed to, it confirms it: a
// misreading would hardly fall on that one of a thousand. Anything else is a question for a person.
std::optional<AffiliationFinding> doubtful_code(const PliContext& context, const Fields& fields,
                                                const Organismes& organismes, const AffiliationFinding& addressed_to) {
    const auto written = fields.find("caisse");
    if (written == fields.end() || written->second.empty()) return std::nullopt;
    std::optional<AffiliationFinding> other;
    for (const auto& caisse : caisses_named(fields, "caisse", FieldStatus::Unchecked, caisse_of_organisme_code)) {
        const auto known = organismes.resolve(caisse);
        if (!known) continue;
        auto found = finding(kFromOrganismeCode, "code organisme lu", caisse, *known);
        if (found.organisme == addressed_to.organisme) return found;
        if (!other) other = std::move(found);
    }
    AffiliationFinding doubtful = other ? *other : addressed_to;
    doubtful.certain = false;
    doubtful.reasons.push_back(
        other ? fmt::format("Le pli est adressé à la caisse {} : affiliation à confirmer", context.caisse)
              : std::string("Un code organisme est écrit et n'a pas pu être lu : affiliation à confirmer"));
    return doubtful;
}

// The one caisse of people that were found; nothing when there are several, or none that we know.
const Organisme* caisse_of_all(const std::vector<Beneficiary>& people, const Organismes& organismes) {
    const Organisme* one = nullptr;
    for (const auto& person : people) {
        const auto known = organismes.resolve(person.caisse);
        if (!known || (one != nullptr && known->organisme != one)) return nullptr;
        one = known->organisme;
    }
    return one;
}

AffiliationFinding in_register(const Organisme& organisme, std::string_view from, std::string_view because) {
    AffiliationFinding found;
    found.organisme = &organisme;
    found.affiliation = {organisme.caisse, std::string(from)};
    found.certain = true;
    found.reasons.push_back(fmt::format("Caisse {} : {}", named(organisme), because));
    return found;
}

// What was read of that field, whatever it is worth: the register says which of it belongs together.
std::vector<std::string> texts_of(const Fields& fields, const char* name) {
    std::vector<std::string> texts;
    const auto values = fields.find(name);
    if (values == fields.end()) return texts;
    for (const auto& value : values->second) {
        if (value.status != FieldStatus::Invalid && texts.size() < kReadingsMax) texts.push_back(value.value);
    }
    return texts;
}

// Everybody whose two names and birth date are on the document.
std::vector<Beneficiary> named_on(const Fields& fields, const Beneficiaries& known) {
    std::vector<Beneficiary> people;
    for (const auto& birth : texts_of(fields, "birth_date")) {
        for (const auto& last : texts_of(fields, "last_name")) {
            for (const auto& first : texts_of(fields, "first_name")) {
                for (auto& person : known.named(last, first, birth)) people.push_back(std::move(person));
            }
        }
    }
    return people;
}

// What the register says of the people on the document.
std::optional<AffiliationFinding> by_register(const Fields& fields, const Organismes& organismes,
                                              const Beneficiaries& known) {
    std::vector<Beneficiary> insured;
    if (const auto numbers = fields.find("nir"); numbers != fields.end()) {
        for (const auto& number : numbers->second) {
            if (number.status != FieldStatus::Valid) continue;
            const auto people = known.with_number(number.value);
            insured.insert(insured.end(), people.begin(), people.end());
        }
    }
    if (!insured.empty()) {
        const auto* organisme = caisse_of_all(insured, organismes);
        if (organisme == nullptr) return std::nullopt;
        return in_register(*organisme, kFromNumber, "assuré connu du fichier des bénéficiaires");
    }
    const auto* organisme = caisse_of_all(named_on(fields, known), organismes);
    if (organisme == nullptr) return std::nullopt;
    return in_register(*organisme, kFromIdentity, "personne connue du fichier des bénéficiaires (nom et naissance)");
}

bool has_unread_number(const Fields& fields) {
    const auto numbers = fields.find("nir");
    return numbers != fields.end() && !numbers->second.empty() &&
           std::none_of(numbers->second.begin(), numbers->second.end(),
                        [](const FieldValue& value) { return value.status == FieldStatus::Valid; });
}

}  // namespace

std::optional<Caisse> caisse_of_organisme_code(std::string_view code) {
    auto text = without_spaces(code);
    if (text.size() == 3 && all_digits(text)) return text;
    if (text.size() >= 6 && (text[2] == 'C' || text[2] == 'c')) text.erase(2, 1);
    if (!all_digits(text) || text.substr(0, 2) != "01") return std::nullopt;
    // régime + caisse, + unité of 3 (SNDS) or centre of 4 (attestation)
    if (text.size() != 5 && text.size() != 8 && text.size() != 9) return std::nullopt;
    return text.substr(2, 3);
}

std::optional<Caisse> caisse_of_issued_number(std::string_view number) {
    const auto text = without_spaces(number);
    if ((text.size() != 13 && text.size() != 15) || !all_digits(text)) return std::nullopt;
    const bool nnp = text[0] == '7' || text[0] == '8';
    const bool mig = text[0] == '5' || text[0] == '6';
    if (!nnp && !mig) return std::nullopt;
    // Before 2012 the second digit of a provisional number could be 0.
    if (text[1] != '1' && text[1] != '2' && !(nnp && text[1] == '0')) return std::nullopt;
    return text.substr(2, 3);
}

AffiliationFinding find_affiliation(const PliContext& context, const Fields& fields, const Organismes& organismes,
                                    const Beneficiaries* register_of) {
    auto fallback = addressed(context, organismes);
    if (register_of != nullptr && !register_of->available()) register_of = nullptr;
    const auto registered = register_of == nullptr ? std::nullopt : by_register(fields, organismes, *register_of);

    const auto printed = caisses_named(fields, "caisse", FieldStatus::Valid, caisse_of_organisme_code);
    std::optional<AffiliationFinding> by_code;
    for (const auto& caisse : printed) {
        const auto known = organismes.resolve(caisse);
        if (!known) {
            fallback.certain = false;
            fallback.reasons.push_back(
                fmt::format("Le code organisme imprimé désigne la caisse {}, inconnue du référentiel", caisse));
            continue;
        }
        auto found = finding(kFromOrganismeCode, "code organisme imprimé", caisse, *known);
        if (!by_code) {
            by_code = std::move(found);
        } else if (by_code->organisme != found.organisme) {
            by_code->certain = false;
            by_code->reasons.push_back(
                fmt::format("Un autre code organisme imprimé désigne la caisse {}", named(*found.organisme)));
        }
    }
    if (by_code) {
        if (registered && registered->organisme != by_code->organisme) {
            by_code->certain = false;
            by_code->reasons.push_back(fmt::format("Le fichier des bénéficiaires connaît l'assuré à la caisse {}",
                                                   named(*registered->organisme)));
        }
        return *by_code;
    }
    if (registered) return *registered;
    if (auto doubtful = doubtful_code(context, fields, organismes, fallback)) return *doubtful;

    const auto issued = caisses_named(fields, "nir", FieldStatus::Valid, caisse_of_issued_number);
    for (const auto& caisse : issued) {
        const auto known = organismes.resolve(caisse);
        if (!known) continue;  // a hint that nothing confirms
        auto found = finding(kFromNumber, "numéro provisoire délivré par cette caisse", caisse, *known);
        if (fallback.organisme == found.organisme) {
            found.certain = fallback.certain;
            return found;
        }
        found.certain = false;
        found.reasons.push_back(
            fmt::format("Le pli est adressé à la caisse {} : affiliation à confirmer", context.caisse));
        return found;
    }
    if (register_of != nullptr && has_unread_number(fields)) {
        fallback.certain = false;
        fallback.reasons.emplace_back("Un NIR est écrit et n'a pas pu être lu : affiliation à confirmer");
    }
    return fallback;
}

}  // namespace pleiade
