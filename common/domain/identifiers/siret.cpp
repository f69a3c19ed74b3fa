#include "common/domain/identifiers/siret.h"

#include "common/domain/identifiers/checksum.h"

namespace pleiade {
namespace {

constexpr std::string_view kLaPoste = "356000000";
constexpr std::string_view kLaPosteHeadOffice = "35600000000048";

bool has_form(std::string_view digits, std::size_t length) {
    // An empty comb reads as zeros, and zeros satisfy Luhn.
    return digits.size() == length && all_digits(digits) && digits.substr(0, 9) != "000000000";
}

bool siret_holds(std::string_view siret) {
    const auto siren = siret.substr(0, 9);
    if (siren == kLaPoste && siret != kLaPosteHeadOffice) return digit_sum(siret) % 5 == 0;
    return luhn_holds(siren) && luhn_holds(siret);
}

}  // namespace

std::optional<Parsed> parse_siren(std::string_view text) {
    const auto siren = compact(text);
    if (!has_form(siren, 9)) return std::nullopt;
    return Parsed{siren, luhn_holds(siren) ? FieldStatus::Valid : FieldStatus::Invalid};
}

std::optional<Parsed> parse_siret(std::string_view text) {
    const auto siret = compact(text);
    if (!has_form(siret, 14)) return std::nullopt;
    return Parsed{siret, siret_holds(siret) ? FieldStatus::Valid : FieldStatus::Invalid};
}

}  // namespace pleiade
