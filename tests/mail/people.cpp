#include "tests/mail/people.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "tests/mail/identifiers.h"

namespace pleiade::mail {
namespace {

using Words = std::vector<std::string>;

const Words kWomen = {"Adèle",    "Maëlle",    "Sylviane",    "Béatrice", "Noémie",    "Chantal",
                      "Éléonore", "Fatou",     "Ghislaine",   "Hélène",   "Inès",      "Josiane",
                      "Karine",   "Louna",     "Mireille",    "Nadège",   "Odile",     "Pascaline",
                      "Rosalie",  "Solène",    "Thérèse",     "Ursule",   "Véronique", "Yasmina",
                      "Zélie",    "Anne-Lise", "Marie-Paule", "Clémence", "Danièle",   "Françoise"};
const Words kMen = {"Aurélien",  "Bastien",    "Cédric",  "Didier",   "Étienne", "Fabrice",  "Gaëtan",  "Hervé",
                    "Ismaël",    "Jérémy",     "Kévin",   "Lucien",   "Mathis",  "Norbert",  "Olivier", "Pascal",
                    "Quentin",   "Régis",      "Sylvain", "Théo",     "Urbain",  "Valentin", "Yannick", "Zacharie",
                    "Jean-Marc", "Paul-Henri", "André",   "François", "Gérard",  "Mamadou"};
const Words kNames = {"Abrial",     "Bodart",        "Caillaut",    "Dehouvez",       "Estrivart",  "Flahutel",
                      "Grébeau",    "Houzelot",      "Ivertin",     "Jonquart",       "Kermadec",   "Lesquivin",
                      "Mazurelle",  "Noirtin",       "Ouvrelle",    "Pruvostin",      "Quévart",    "Rambeaux",
                      "Sauvegrain", "Thirouin",      "Urvillet",    "Vanhoorel",      "Wattemez",   "Yvonnart",
                      "Zimberlin",  "Delacroisée",   "Le Guellaut", "Martineau-Vial", "Benhachir",  "Diarrasso",
                      "Nguyenvan",  "D'Hautecloque", "Lefranchet",  "Moreuil",        "Perronet",   "Roussignol",
                      "Toussart",   "Vasselin",      "Brissacq",    "Coquelart",      "Dujardelle", "Fontvielle",
                      "Garancher",  "Hennebique",    "Lamberteau"};
const Words kWays = {"rue", "rue", "rue", "avenue", "impasse", "allée", "chemin", "place", "boulevard", "résidence"};
const Words kStreets = {"des Tilleuls",      "du Vieux Moulin",  "de la Briqueterie", "des Houblonnières",
                        "du Beffroi",        "des Quatre Vents", "de l'Abreuvoir",    "du Pont Rompu",
                        "des Tisserands",    "de la Sucrerie",   "du Petit Clocher",  "des Écluses",
                        "de la Fosse Verte", "du Marais",        "des Glycines",      "Léontine Brasseur",
                        "Anselme Duvernay",  "du Canal Neuf",    "des Corons",        "de la Gare"};
const Words kTowns = {"Vaulx-sur-Escrette", "Montigneulle",       "Saint-Aubert-les-Prés", "Escaudeul",
                      "Brélinghem",         "La Chapelle-Ozerin", "Hautreville",           "Wambrecies",
                      "Orchincourt",        "Pont-à-Bercy",       "Les Rues-Neuves",       "Flines-le-Sec",
                      "Roucourt-Bas",       "Sainte-Olle",        "Villers-Tourbier"};
const Words kDepartments = {"59", "59", "59", "62", "62", "80", "02", "75", "69",
                            "13", "33", "44", "67", "35", "2A", "2B", "99", "974"};
const Words kCompanies = {"Transports Vermeire",
                          "Ets Blanquart et Fils",
                          "SARL La Fournée d'Or",
                          "Menuiserie Cottel",
                          "SAS Nordelec Services",
                          "Boucherie Hermant",
                          "Clinique vétérinaire du Parc",
                          "Propreté Escaut",
                          "Atelier Mécanique Durivault",
                          "Logistique des Hauts-Ponts",
                          "Hôtel du Beffroi",
                          "Sté Textiles Lysandre"};
const Words kBanks = {"Caisse Rurale du Hainault", "Banque Populeuse du Nord", "Crédit Fluvial",
                      "Banque de l'Escrette",      "La Banque du Courrier",    "Crédit Solidaire Artésien"};
const Words kBankCodes = {"15629", "13507", "30002", "10278", "20041", "16706"};
const Words kBics = {"CMRHFR2L", "BPNOFRPP", "CFLUFRLP", "BESCFR21", "PSCOFRPP", "CSARFR2X"};
const Words kPlaces = {"de la Lys",      "du Val d'Escrette",   "Sainte-Barbe",
                       "des Deux Rives", "Saint-Vaast le Neuf", "du Parc"};

std::string phone(Rng& rng, bool mobile) {
    std::string text = mobile ? "06" : "03";
    for (int i = 0; i < 4; ++i) text += fmt::format("\u00a0{:02}", rng.between(0, 99));
    return text;
}

Person make_person(Rng& rng, bool woman, const std::string& last, Day birth, const Address& address) {
    Person person;
    person.woman = woman;
    person.last = last;
    person.first = rng.pick(woman ? kWomen : kMen);
    person.birth = birth;
    person.birth_town = rng.pick(kTowns);
    person.address = address;
    person.phone = phone(rng, rng.chance(0.7));
    person.email = fmt::format("{}.{}{}@exemple.fr", unaccent(person.first), unaccent(person.last), rng.between(1, 99));
    for (char& c : person.email)
        c = c == ' ' || c == '\'' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return person;
}

Day day_between(Rng& rng, Day from, Day to) {
    return from + std::chrono::days(rng.between(0, static_cast<int>((to - from).count())));
}

std::string nir_of(Rng& rng, const Person& person) {
    return make_nir(rng, person.woman, year_of(person.birth), month_of(person.birth), rng.pick(kDepartments));
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 30> kAccents = {{
    {"à", "À"}, {"â", "Â"}, {"ä", "Ä"}, {"ç", "Ç"}, {"é", "É"}, {"è", "È"}, {"ê", "Ê"}, {"ë", "Ë"},
    {"î", "Î"}, {"ï", "Ï"}, {"ô", "Ô"}, {"ö", "Ö"}, {"ù", "Ù"}, {"û", "Û"}, {"ü", "Ü"}, {"ÿ", "Ÿ"},
    {"œ", "Œ"}, {"æ", "Æ"}, {"ñ", "Ñ"}, {"á", "Á"}, {"í", "Í"}, {"ó", "Ó"}, {"ú", "Ú"}, {"ã", "Ã"},
    {"õ", "Õ"}, {"ø", "Ø"}, {"å", "Å"}, {"ò", "Ò"}, {"ì", "Ì"}, {"ý", "Ý"},
}};
constexpr std::array<std::string_view, 30> kPlain = {"a", "a", "a", "c", "e", "e", "e",  "e",  "i", "i",
                                                     "o", "o", "u", "u", "u", "y", "oe", "ae", "n", "a",
                                                     "i", "o", "u", "a", "o", "o", "a",  "o",  "i", "y"};

}  // namespace

std::string upper(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        bool found = false;
        for (const auto& [small, capital] : kAccents) {
            if (text.substr(i).starts_with(small)) {
                out += capital;
                i += small.size();
                found = true;
                break;
            }
        }
        if (found) continue;
        const auto c = static_cast<unsigned char>(text[i++]);
        out += static_cast<char>(c < 0x80 ? std::toupper(c) : c);
    }
    return out;
}

std::string unaccent(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        bool found = false;
        for (std::size_t k = 0; k < kAccents.size() && !found; ++k) {
            const auto& [small, capital] = kAccents[k];
            const bool lower = text.substr(i).starts_with(small);
            if (!lower && !text.substr(i).starts_with(capital)) continue;
            for (const char c : kPlain[k])
                out += lower ? c : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            i += small.size();
            found = true;
        }
        if (!found) out += text[i++];
    }
    return out;
}

Address make_address(Rng& rng, const std::string& department) {
    Address address;
    address.street = fmt::format("{}{} {} {}", rng.between(1, 198), rng.chance(0.1) ? " bis" : "", rng.pick(kWays),
                                 rng.pick(kStreets));
    address.postal_code = fmt::format("{}{:02}0", department, rng.between(1, 98));
    address.town = rng.pick(kTowns);
    return address;
}

Person make_adult(Rng& rng, const std::string& department, Day today) {
    const bool woman = rng.chance(0.52);
    const Day birth = day_between(rng, today - std::chrono::days(365 * 84), today - std::chrono::days(365 * 19));
    Person person = make_person(rng, woman, rng.pick(kNames), birth, make_address(rng, department));
    person.nir = nir_of(rng, person);
    return person;
}

Person make_child(Rng& rng, const Person& parent, Day today) {
    const Day birth = day_between(rng, today - std::chrono::days(365 * 15), today - std::chrono::days(40));
    return make_person(rng, rng.chance(0.5), parent.last, birth, parent.address);
}

Person make_spouse(Rng& rng, const Person& insured, Day today) {
    const Day birth = day_between(rng, today - std::chrono::days(365 * 74), today - std::chrono::days(365 * 22));
    Person person =
        make_person(rng, !insured.woman, rng.chance(0.6) ? insured.last : rng.pick(kNames), birth, insured.address);
    person.nir = nir_of(rng, person);
    return person;
}

Practitioner make_practitioner(Rng& rng, const std::string& department, const std::string& specialty) {
    Practitioner who;
    who.last = rng.pick(kNames);
    who.first = rng.pick(rng.chance(0.5) ? kWomen : kMen);
    who.specialty = specialty;
    who.rpps = make_rpps(rng);
    who.am_number = make_am_number(rng, department,
                                   specialty.starts_with("chirurgien") ? 4
                                   : specialty.starts_with("infirm")   ? 6
                                                                       : 1);
    who.address = make_address(rng, department);
    who.phone = phone(rng, false);
    return who;
}

Employer make_employer(Rng& rng, const std::string& department) {
    return {rng.pick(kCompanies), make_siret(rng), make_address(rng, department), phone(rng, false)};
}

Establishment make_establishment(Rng& rng, const std::string& department, const std::string& kind) {
    return {kind + " " + rng.pick(kPlaces), make_finess(rng, department), make_address(rng, department),
            phone(rng, false)};
}

Account make_account(Rng& rng) {
    const auto which = static_cast<std::size_t>(rng.between(0, static_cast<int>(kBanks.size()) - 1));
    return {kBanks[which], make_iban(rng, kBankCodes[which]), kBics[which] + (rng.chance(0.5) ? "XXX" : "")};
}

}  // namespace pleiade::mail
