// The register of beneficiaries that goes with invented mail: the people of every pli under the caisse that insures
// them, and others who were born on the same day or who are nobody's neighbours, for a register that knew only the
// senders of the day would prove anything.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "tests/mail/dossier.h"
#include "tests/mail/truth.h"

namespace pleiade::mail {

class RegisterFile {
  public:
    // Throws std::runtime_error when the file cannot be written.
    RegisterFile(const std::string& path, std::vector<TruthTables::Organisme> caisses);
    void add(const Dossier& dossier, Rng rng);

  private:
    void add(const Person& person, const std::string& nir, const std::string& caisse);

    std::ofstream file_;
    std::vector<TruthTables::Organisme> caisses_;
};

}  // namespace pleiade::mail
