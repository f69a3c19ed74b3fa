// A register of beneficiaries that a test writes in its own text.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/domain/beneficiaries.h"

namespace pleiade::test {

class FewPeople final : public Beneficiaries {
  public:
    // `nir`: 13 characters.
    FewPeople& add(std::string nir, Beneficiary person) {
        people_.emplace_back(std::move(nir), std::move(person));
        return *this;
    }

    bool available() const override { return !people_.empty(); }
    std::vector<Beneficiary> with_number(std::string_view nir) const override {
        std::vector<Beneficiary> found;
        for (const auto& [number, person] : people_) {
            if (number == nir.substr(0, 13)) found.push_back(person);
        }
        return found;
    }
    std::vector<Beneficiary> named(std::string_view last_name, std::string_view first_name,
                                   const Date& birth_date) const override {
        std::vector<Beneficiary> found;
        for (const auto& [number, person] : people_) {
            if (person.birth_date == birth_date && names_resemble(last_name, person.last_name) &&
                names_resemble(first_name, person.first_name)) {
                found.push_back(person);
            }
        }
        return found;
    }

  private:
    std::vector<std::pair<std::string, Beneficiary>> people_;
};

}  // namespace pleiade::test
