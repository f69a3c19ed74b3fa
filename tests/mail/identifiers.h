// Numbers of the Assurance Maladie, valid by their own check rules. Written apart from the reader's checks on purpose:
// one tests the other.
#pragma once

#include <string>
#include <string_view>

#include "tests/mail/random.h"

namespace pleiade::mail {

// Two digits, 97 minus the number modulo 97; Corsica's 2A and 2B count as 19 and 18.
std::string nir_key(std::string_view thirteen);
std::string make_nir(Rng& rng, bool woman, int birth_year, int birth_month, std::string_view department);

char luhn_digit(std::string_view digits);
std::string make_siret(Rng& rng);
std::string make_finess(Rng& rng, std::string_view department);
std::string make_rpps(Rng& rng);
std::string make_am_number(Rng& rng, std::string_view department, int category);  // 9 digits, on a doctor's stamp

// French, with its RIB key and its check digits. `bank` is five digits.
std::string make_iban(Rng& rng, std::string_view bank);
std::string make_tax_number(Rng& rng);  // 13 digits, the last three the first ten modulo 511

char mrz_check(std::string_view field);

// "FR1420041010..." by four; "28405883210..." as it is printed on a form.
std::string spaced_iban(std::string_view iban);
std::string spaced_nir(std::string_view nir);
std::string spaced_siret(std::string_view siret);

}  // namespace pleiade::mail
