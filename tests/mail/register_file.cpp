#include "tests/mail/register_file.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tests/mail/calendar.h"

namespace pleiade::mail {
namespace {

constexpr int kOthers = 8;  // for each pli, of whom half were born on the day of its insured

}  // namespace

RegisterFile::RegisterFile(const std::string& path, std::vector<TruthTables::Organisme> caisses)
    : file_(path, std::ios::binary), caisses_(std::move(caisses)) {
    if (!file_) throw std::runtime_error("cannot write " + path);
    file_ << "nir;last_name;first_name;birth_date;caisse\n";
}

void RegisterFile::add(const Dossier& dossier, Rng rng) {
    const auto& insured = dossier.insured;
    add(insured, insured.nir, dossier.affiliation);
    for (const auto* relative : {&dossier.spouse, &dossier.child}) {
        add(*relative, relative->nir.empty() ? insured.nir : relative->nir, dossier.affiliation);
    }
    if (dossier.beneficiary) {
        const auto& one = *dossier.beneficiary;
        add(one, one.nir.empty() ? insured.nir : one.nir, dossier.affiliation);
    }
    for (int i = 0; i < kOthers; ++i) {
        auto other = make_adult(rng, dossier.department, dossier.received);
        if (i % 2 == 0) other.birth = insured.birth;
        add(other, other.nir, rng.pick(caisses_).caisse);
    }
}

void RegisterFile::add(const Person& person, const std::string& nir, const std::string& caisse) {
    if (nir.empty() || person.last.empty()) return;
    file_ << fmt::format("{};{};{};{};{}\n", nir, person.last, person.first, iso(person.birth), caisse);
}

}  // namespace pleiade::mail
