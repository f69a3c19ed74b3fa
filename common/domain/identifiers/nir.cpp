#include "common/domain/identifiers/nir.h"

#include "common/domain/identifiers/checksum.h"
#include "common/domain/identifiers/date_text.h"

namespace pleiade {
namespace {

constexpr std::size_t kWithoutKey = 13;
constexpr std::size_t kWithKey = 15;

int number_at(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
    return value;
}

// 2A and 2B replaced by what they count for; empty when another letter stands somewhere.
std::string numeric_form(std::string_view thirteen) {
    std::string digits(thirteen);
    if (digits.substr(5, 2) == "2A") digits.replace(5, 2, "19");
    if (digits.substr(5, 2) == "2B") digits.replace(5, 2, "18");
    return all_digits(digits) ? digits : "";
}

bool has_nir_form(std::string_view thirteen) {
    if (numeric_form(thirteen).empty()) return false;
    if (thirteen[0] != '1' && thirteen[0] != '2') return false;
    const int month = number_at(thirteen, 3, 2);
    if (month == 0 || (month > 12 && month < 20)) return false;
    // Stricter than the published pattern, which takes zeros: no department, commune or order is 0, and rows of zeros
    // are what an empty comb gives.
    return thirteen.substr(5, 2) != "00" && thirteen.substr(7, 3) != "000" && thirteen.substr(10, 3) != "000";
}

bool has_caisse_form(std::string_view thirteen, char male, char female) {
    return all_digits(thirteen) && (thirteen[0] == male || thirteen[0] == female) && thirteen[1] <= '2' &&
           thirteen.substr(2, 3) != "000" && thirteen.substr(5) != "00000000";
}

std::optional<PersonNumberKind> kind_of(std::string_view thirteen) {
    if (has_nir_form(thirteen)) return PersonNumberKind::Nir;
    if (has_caisse_form(thirteen, '7', '8')) return PersonNumberKind::Provisional;
    if (has_caisse_form(thirteen, '5', '6') && thirteen[1] != '0') return PersonNumberKind::Migrant;
    return std::nullopt;
}

}  // namespace

std::string nir_key(std::string_view first_thirteen) {
    if (first_thirteen.size() != kWithoutKey) return "";
    const auto digits = numeric_form(first_thirteen);
    if (digits.empty()) return "";
    const unsigned key = 97 - remainder_of(digits, 97);
    return {static_cast<char>('0' + key / 10), static_cast<char>('0' + key % 10)};
}

std::optional<PersonNumber> parse_person_number(std::string_view text) {
    const auto value = compact(text);
    if (value.size() != kWithoutKey && value.size() != kWithKey) return std::nullopt;
    const auto thirteen = std::string_view(value).substr(0, kWithoutKey);
    const auto kind = kind_of(thirteen);
    if (!kind) return std::nullopt;
    if (value.size() == kWithoutKey) return PersonNumber{*kind, value, FieldStatus::Unchecked};
    const auto key = std::string_view(value).substr(kWithoutKey);
    if (!all_digits(key)) return std::nullopt;
    return PersonNumber{*kind, value, key == nir_key(thirteen) ? FieldStatus::Valid : FieldStatus::Invalid};
}

std::optional<Parsed> parse_nir(std::string_view text) {
    const auto number = parse_person_number(text);
    if (!number || number->kind != PersonNumberKind::Nir) return std::nullopt;
    return Parsed{number->value, number->status};
}

std::optional<NirBirth> nir_birth(std::string_view nir) {
    if (nir.size() != kWithoutKey && nir.size() != kWithKey) return std::nullopt;
    if (!has_nir_form(nir.substr(0, kWithoutKey))) return std::nullopt;
    NirBirth birth;
    birth.sex_digit = nir[0] - '0';
    birth.year_in_century = number_at(nir, 1, 2);
    if (const int month = number_at(nir, 3, 2); month <= 12) birth.month = month;
    birth.department = nir.substr(5, 2);
    return birth;
}

bool nir_agrees_with_birth(std::string_view nir, const Date& birth) {
    const auto coded = nir_birth(nir);
    const auto day = civil_date_of(birth);
    if (!coded || !day) return false;
    return coded->year_in_century == day->year % 100 && (!coded->month || *coded->month == day->month);
}

Caisse caisse_of(const PersonNumber& number) {
    return number.kind == PersonNumberKind::Nir ? Caisse{} : number.value.substr(2, 3);
}

}  // namespace pleiade
