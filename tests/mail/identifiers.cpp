#include "tests/mail/identifiers.h"

#include <fmt/format.h>

namespace pleiade::mail {
namespace {

int mod97(std::string_view digits) {
    int rest = 0;
    for (const char c : digits) rest = (rest * 10 + (c - '0')) % 97;
    return rest;
}

std::string digits(Rng& rng, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += static_cast<char>('0' + rng.between(0, 9));
    return text;
}

// Groups of the given sizes, kept together by no-break spaces.
std::string grouped(std::string_view text, std::initializer_list<std::size_t> sizes) {
    std::string out;
    std::size_t at = 0;
    for (const std::size_t size : sizes) {
        if (at >= text.size()) break;
        if (at > 0) out += "\u00a0";
        out += text.substr(at, size);
        at += size;
    }
    return out;
}

}  // namespace

std::string nir_key(std::string_view thirteen) {
    std::string number(thirteen);
    if (number[6] == 'A') number.replace(5, 2, "19");
    if (number[6] == 'B') number.replace(5, 2, "18");
    return fmt::format("{:02}", 97 - mod97(number));
}

std::string make_nir(Rng& rng, bool woman, int birth_year, int birth_month, std::string_view department) {
    // Overseas: three digits of department leave two to the commune.
    const std::string place = department.size() == 3 ? fmt::format("{}{:02}", department, rng.between(1, 24))
                                                     : fmt::format("{}{:03}", department, rng.between(1, 480));
    const std::string thirteen =
        fmt::format("{}{:02}{:02}{}{:03}", woman ? 2 : 1, birth_year % 100, birth_month, place, rng.between(1, 720));
    return thirteen + nir_key(thirteen);
}

char luhn_digit(std::string_view digits) {
    int sum = 0;
    bool twice = true;
    for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
        const int value = (digits[i] - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string make_siret(Rng& rng) {
    std::string siren = fmt::format("{}{}", rng.between(3, 9), digits(rng, 7));
    if (siren.starts_with("356")) siren[0] = '4';  // La Poste has a rule of its own
    siren += luhn_digit(siren);
    const std::string body = siren + fmt::format("{:04}", rng.between(1, 42));
    return body + luhn_digit(body);
}

std::string make_finess(Rng& rng, std::string_view department) {
    const std::string body =
        fmt::format("{}{}{}", department.substr(0, 2), rng.pick<std::string>({"0", "7", "8"}), digits(rng, 5));
    return body + luhn_digit(body);
}

std::string make_rpps(Rng& rng) {
    const std::string body = "10" + fmt::format("{:08}", rng.between(40'000, 2'999'999));
    return body + luhn_digit(body);
}

std::string make_am_number(Rng& rng, std::string_view department, int category) {
    const std::string body = fmt::format("{}{}{}", department.substr(0, 2), category, digits(rng, 5));
    return body + luhn_digit(body);
}

std::string make_iban(Rng& rng, std::string_view bank) {
    const std::string branch = digits(rng, 5);
    const std::string account = digits(rng, 11);
    const long long sum = 89LL * std::stoll(std::string(bank)) + 15LL * std::stoll(branch) + 3LL * std::stoll(account);
    const std::string bban = fmt::format("{}{}{}{:02}", bank, branch, account, 97 - sum % 97);
    return fmt::format("FR{:02}{}", 98 - mod97(bban + "152700"), bban);  // FR is 15 27
}

std::string make_tax_number(Rng& rng) {
    const std::string ten = fmt::format("{}{}", rng.between(0, 3), digits(rng, 9));
    return ten + fmt::format("{:03}", std::stoll(ten) % 511);
}

char mrz_check(std::string_view field) {
    static constexpr int kWeights[] = {7, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const char c = field[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
        sum += value * kWeights[i % 3];
    }
    return static_cast<char>('0' + sum % 10);
}

std::string spaced_iban(std::string_view iban) {
    return grouped(iban, {4, 4, 4, 4, 4, 4, 3});
}
std::string spaced_nir(std::string_view nir) {
    return grouped(nir, {1, 2, 2, 2, 3, 3, 2});
}
std::string spaced_siret(std::string_view siret) {
    return grouped(siret, {3, 3, 3, 5});
}

}  // namespace pleiade::mail
