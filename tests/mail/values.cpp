// The placeholders that templates may quote, and the field of the contract that each one is.
#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>

#include "tests/mail/dossier.h"
#include "tests/mail/identifiers.h"

namespace pleiade::mail {
namespace {

struct Value {
    std::string text;
    std::string field;      // empty: not a field of the contract
    std::string canonical;  // as the contract writes it
};
using Maker = std::function<Value(const Dossier&)>;
using Table = std::map<std::string, Maker, std::less<>>;

Value plain(std::string text) {
    return {std::move(text), "", ""};
}

void add_date(Table& table, const std::string& name, const std::string& field, Day Dossier::*date) {
    table[name] = [field, date](const Dossier& d) { return Value{slashed(d.*date), field, iso(d.*date)}; };
    table[name + ".w"] = [field, date](const Dossier& d) { return Value{worded(d.*date), field, iso(d.*date)}; };
}

void add_person(Table& table, const std::string& name, const std::string& prefix,
                const std::function<const Person&(const Dossier&)>& who) {
    const auto field = [prefix](const char* what) { return prefix.empty() ? std::string() : prefix + what; };
    table[name + ".last"] = [=](const Dossier& d) {
        return Value{upper(who(d).last), field("last_name"), upper(who(d).last)};
    };
    table[name + ".first"] = [=](const Dossier& d) { return Value{who(d).first, field("first_name"), who(d).first}; };
    table[name + ".birth"] = [=](const Dossier& d) {
        return Value{slashed(who(d).birth), field("birth_date"), iso(who(d).birth)};
    };
    table[name + ".birth.w"] = [=](const Dossier& d) {
        return Value{worded(who(d).birth), field("birth_date"), iso(who(d).birth)};
    };
    table[name + ".street"] = [=](const Dossier& d) { return plain(who(d).address.street); };
    table[name + ".cp"] = [=](const Dossier& d) {
        return Value{who(d).address.postal_code, field("postal_code"), who(d).address.postal_code};
    };
    table[name + ".town"] = [=](const Dossier& d) { return plain(who(d).address.town); };
    table[name + ".phone"] = [=](const Dossier& d) { return plain(who(d).phone); };
    table[name + ".email"] = [=](const Dossier& d) { return plain(who(d).email); };
    table[name + ".born"] = [=](const Dossier& d) { return plain(who(d).birth_town); };
    table[name + ".title"] = [=](const Dossier& d) { return plain(who(d).woman ? "Mme" : "M."); };
}

void add_practitioner(Table& table, const std::string& name, Practitioner Dossier::*who) {
    table[name + ".last"] = [who](const Dossier& d) { return plain(upper((d.*who).last)); };
    table[name + ".first"] = [who](const Dossier& d) { return plain((d.*who).first); };
    table[name + ".name"] = [who](const Dossier& d) { return plain((d.*who).first + " " + upper((d.*who).last)); };
    table[name + ".specialty"] = [who](const Dossier& d) { return plain((d.*who).specialty); };
    table[name + ".rpps"] = [who](const Dossier& d) { return Value{(d.*who).rpps, "rpps", (d.*who).rpps}; };
    table[name + ".am"] = [who](const Dossier& d) { return plain((d.*who).am_number); };
    table[name + ".street"] = [who](const Dossier& d) { return plain((d.*who).address.street); };
    table[name + ".cp"] = [who](const Dossier& d) { return plain((d.*who).address.postal_code); };
    table[name + ".town"] = [who](const Dossier& d) { return plain((d.*who).address.town); };
    table[name + ".phone"] = [who](const Dossier& d) { return plain((d.*who).phone); };
}

template <class Place>
void add_place(Table& table, const std::string& name, Place Dossier::*who) {
    table[name + ".name"] = [who](const Dossier& d) { return plain((d.*who).name); };
    table[name + ".street"] = [who](const Dossier& d) { return plain((d.*who).address.street); };
    table[name + ".cp"] = [who](const Dossier& d) { return plain((d.*who).address.postal_code); };
    table[name + ".town"] = [who](const Dossier& d) { return plain((d.*who).address.town); };
    table[name + ".phone"] = [who](const Dossier& d) { return plain((d.*who).phone); };
}

Table make_table() {
    Table t;
    add_person(t, "i", "i.", [](const Dossier& d) -> const Person& { return d.insured; });
    add_person(t, "p", "p.", [](const Dossier& d) -> const Person& { return d.cared_for(); });
    add_person(t, "spouse", "", [](const Dossier& d) -> const Person& { return d.spouse; });
    add_person(t, "child", "", [](const Dossier& d) -> const Person& { return d.child; });
    // A child that is the subject of the document: the beneficiary of the contract.
    add_person(t, "c", "p.", [](const Dossier& d) -> const Person& { return d.child; });
    t["nir"] = [](const Dossier& d) { return Value{spaced_nir(d.insured.nir), "nir", d.insured.nir}; };
    t["nir13"] = [](const Dossier& d) {
        return Value{spaced_nir(d.insured.nir.substr(0, 13)), "nir", d.insured.nir.substr(0, 13)};
    };
    t["nir.tight"] = [](const Dossier& d) { return Value{d.insured.nir, "nir", d.insured.nir}; };
    t["p.nir"] = [](const Dossier& d) {
        const std::string& nir = d.cared_for().nir;
        return Value{spaced_nir(nir), d.beneficiary ? "beneficiary_nir" : "nir", nir};
    };
    t["spouse.nir"] = [](const Dossier& d) { return plain(spaced_nir(d.spouse.nir)); };
    add_practitioner(t, "dr", &Dossier::doctor);
    add_practitioner(t, "aux", &Dossier::auxiliary);
    add_practitioner(t, "dentist", &Dossier::dentist);
    add_place(t, "emp", &Dossier::employer);
    add_place(t, "hosp", &Dossier::hospital);
    add_place(t, "labo", &Dossier::laboratory);
    add_place(t, "pharm", &Dossier::pharmacy);
    t["emp.siret"] = [](const Dossier& d) { return Value{spaced_siret(d.employer.siret), "siret", d.employer.siret}; };
    t["emp.siren"] = [](const Dossier& d) { return plain(d.employer.siret.substr(0, 9)); };
    for (const auto& [name, who] :
         {std::pair{"hosp", &Dossier::hospital}, {"labo", &Dossier::laboratory}, {"pharm", &Dossier::pharmacy}}) {
        t[std::string(name) + ".finess"] = [who = who](const Dossier& d) {
            return Value{(d.*who).finess, "finess", (d.*who).finess};
        };
    }
    t["iban"] = [](const Dossier& d) { return Value{spaced_iban(d.account.iban), "iban", d.account.iban}; };
    t["bic"] = [](const Dossier& d) { return plain(d.account.bic); };
    t["bank"] = [](const Dossier& d) { return plain(d.account.bank); };
    t["rib.bank"] = [](const Dossier& d) { return plain(d.account.iban.substr(4, 5)); };
    t["rib.branch"] = [](const Dossier& d) { return plain(d.account.iban.substr(9, 5)); };
    t["rib.account"] = [](const Dossier& d) { return plain(d.account.iban.substr(14, 11)); };
    t["rib.key"] = [](const Dossier& d) { return plain(d.account.iban.substr(25, 2)); };
    add_date(t, "date", "document_date", &Dossier::document_date);
    add_date(t, "care", "", &Dossier::care_date);
    add_date(t, "accident", "accident_date", &Dossier::accident_date);
    add_date(t, "from", "period_from", &Dossier::period_from);
    add_date(t, "to", "period_to", &Dossier::period_to);
    t["organisme"] = [](const Dossier& d) {
        return Value{"01\u00a0" + d.affiliation + "\u00a00000", "caisse", d.affiliation};
    };
    t["caisse"] = [](const Dossier& d) { return plain(d.caisse_label); };
    t["year"] = [](const Dossier& d) { return plain(std::to_string(year_of(d.received))); };
    t["lastyear"] = [](const Dossier& d) { return plain(std::to_string(year_of(d.received) - 1)); };
    return t;
}

// Placeholders that are made on the spot: {n:6} a number of six digits, {eur:10:90} an amount, {day:20:90} a day that
// many days before the receipt, {pat} digits of a patient number, {tax} a tax number.
Value make_random(std::string_view name, const Dossier& d, Rng& rng, bool& known) {
    known = true;
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (true) {
        const auto colon = name.find(':', at);
        parts.emplace_back(name.substr(at, colon - at));
        if (colon == std::string_view::npos) break;
        at = colon + 1;
    }
    if (parts[0] == "n" && parts.size() == 2) {
        std::string text = std::to_string(rng.between(1, 9));
        while (text.size() < static_cast<std::size_t>(std::stoi(parts[1])))
            text += static_cast<char>('0' + rng.between(0, 9));
        return plain(text);
    }
    if (parts[0] == "r" && parts.size() == 3)
        return plain(std::to_string(rng.between(std::stoi(parts[1]), std::stoi(parts[2]))));
    if (parts[0] == "eur" && parts.size() == 3) {
        static const std::vector<int> kCents = {0, 0, 50, 20, 40, 85, 12};
        return plain(fmt::format("{},{:02}", rng.between(std::stoi(parts[1]), std::stoi(parts[2])), rng.pick(kCents)));
    }
    if (parts[0] == "day" && parts.size() == 3) {
        return plain(slashed(d.received - std::chrono::days(rng.between(std::stoi(parts[1]), std::stoi(parts[2])))));
    }
    if (parts[0] == "tax") return plain(make_tax_number(rng));
    if (parts[0] == "siret") return plain(spaced_siret(make_siret(rng)));
    known = false;
    return {};
}

void append(Rich& rich, const Value& value) {
    const std::size_t from = rich.text.size();
    rich.text += value.text;
    if (!value.field.empty() && !value.text.empty())
        rich.marks.push_back({from, rich.text.size(), value.field, value.canonical});
}

// The choices between "[[" and "]]".
std::vector<std::string> choices_in(std::string_view inside) {
    std::vector<std::string> choices;
    while (true) {
        const auto bar = inside.find("||");
        choices.emplace_back(inside.substr(0, bar));
        if (bar == std::string_view::npos) return choices;
        inside.remove_prefix(bar + 2);
    }
}

void append_pattern(Rich& rich, std::string_view pattern, const Dossier& dossier, Rng& rng);

void append_placeholder(Rich& rich, std::string_view name, const Dossier& dossier, Rng& rng) {
    static const Table table = make_table();
    // Shorthands made of others.
    static const std::map<std::string, std::string, std::less<>> kCompounds = {
        {"i.name", "{i.last} {i.first}"},
        {"p.name", "{p.last} {p.first}"},
        {"c.name", "{c.last} {c.first}"},
        {"i.civil", "{i.first} {i.last}"},
        {"p.civil", "{p.first} {p.last}"},
        {"spouse.name", "{spouse.last} {spouse.first}"},
        {"child.name", "{child.last} {child.first}"},
        {"i.address", "{i.street} {i.cp} {i.town}"},
        {"emp.address", "{emp.street} {emp.cp} {emp.town}"},
        {"dr.address", "{dr.street} {dr.cp} {dr.town}"},
        {"hosp.address", "{hosp.street} {hosp.cp} {hosp.town}"},
        {"labo.address", "{labo.street} {labo.cp} {labo.town}"},
        {"pharm.address", "{pharm.street} {pharm.cp} {pharm.town}"},
        {"aux.address", "{aux.street} {aux.cp} {aux.town}"},
        {"dentist.address", "{dentist.street} {dentist.cp} {dentist.town}"}};
    if (const auto compound = kCompounds.find(name); compound != kCompounds.end()) {
        append_pattern(rich, compound->second, dossier, rng);
        return;
    }
    if (const auto found = table.find(name); found != table.end()) {
        append(rich, found->second(dossier));
        return;
    }
    bool known = false;
    const Value value = make_random(name, dossier, rng, known);
    if (!known) {
        fmt::print(stderr, "unknown placeholder {{{}}}\n", name);
        PLEIADE_CHECK(known);
    }
    append(rich, value);
}

void append_pattern(Rich& rich, std::string_view pattern, const Dossier& dossier, Rng& rng) {
    for (std::size_t i = 0; i < pattern.size();) {
        if (pattern[i] == '{') {
            const auto end = pattern.find('}', i);
            PLEIADE_CHECK(end != std::string_view::npos);
            append_placeholder(rich, pattern.substr(i + 1, end - i - 1), dossier, rng);
            i = end + 1;
        } else if (pattern.substr(i).starts_with("[[")) {
            const auto end = pattern.find("]]", i);
            PLEIADE_CHECK(end != std::string_view::npos);
            append_pattern(rich, rng.pick(choices_in(pattern.substr(i + 2, end - i - 2))), dossier, rng);
            i = end + 2;
        } else {
            rich.text += pattern[i++];
        }
    }
}

}  // namespace

std::string choose_lines(std::string_view pattern, Rng& rng) {
    std::string chosen;
    while (true) {
        const auto begin = pattern.find("[["), end = pattern.find("]]", begin);
        chosen += pattern.substr(0, begin);
        if (begin == std::string_view::npos) return chosen;
        PLEIADE_CHECK(end != std::string_view::npos);
        const auto inside = pattern.substr(begin + 2, end - begin - 2);
        chosen += inside.find(" / ") == std::string_view::npos ? pattern.substr(begin, end + 2 - begin)
                                                               : rng.pick(choices_in(inside));
        pattern.remove_prefix(end + 2);
    }
}

Rich fill_in(std::string_view pattern, const Dossier& dossier, Rng& rng) {
    Rich rich;
    append_pattern(rich, pattern, dossier, rng);
    return rich;
}

}  // namespace pleiade::mail
