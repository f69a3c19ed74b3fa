#include "services/reader/fields/judgement.h"

#include <algorithm>
#include <map>
#include <optional>

#include "common/domain/identifiers/date_text.h"
#include "common/domain/identifiers/nir.h"
#include "common/domain/text_fold.h"

namespace pleiade::reader::fields {
namespace {

// How sure the OCR must be. Handwriting read by an engine made for print rarely reaches these.
struct Surety {
    double mean = 1;
    double weakest = 1;
    double posterior = 1;  // of what was decoded from odds, which are calibrated
};
constexpr Surety kModulo97{0.84, 0.55, 0.99};
// Its two keys are one: with the RIB's, every French IBAN begins with FR76. Its account may hold letters, of which the
// odds of figures know nothing.
constexpr Surety kIban{0.84, 0.55, 0.999};
constexpr Surety kLuhn{0.88, 0.75, 0.995};   // once in ten
constexpr Surety kNoKey{0.92, 0.85, 0.995};  // dates
constexpr Surety kSecondMatch{0.50, 0.20, 0.60};
constexpr Surety kInRegister{0.30, 0.05, 0.40};  // of all numbers under the key, one in thousands is somebody's
constexpr Surety kSameAgain{0.75, 0.55, 0.97};   // twice on the document, under a weak key
constexpr double kUncheckedAtMost = 0.6;
constexpr double kInvalidAtMost = 0.2;
constexpr int kOldestBirthYears = 120;
constexpr int kCareMonthsMax = 27;

// One value of one field, with all the places where it was seen.
struct Value {
    std::string field;
    Finding best;
    int places = 0;  // read as is
    bool contradicted = false;
    bool second_match = false;
    bool registered = false;  // the register of beneficiaries knows this number, or this of the person who has it
};

bool sure(const Finding& finding, const Surety& surety) {
    if (finding.decoded) return finding.confidence >= surety.posterior;
    return finding.confidence >= surety.mean && finding.weakest >= surety.weakest;
}

Surety surety_for(const std::string& field) {
    if (field == "nir" || field == "beneficiary_nir" || field == "siret") return kModulo97;
    if (field == "iban") return kIban;
    return field == "finess" || field == "rpps" ? kLuhn : kNoKey;
}

bool is_date(const std::string& field) {
    return field.ends_with("_date") || field.starts_with("period_");
}
bool is_of_a_person(const std::string& field) {
    return field == "birth_date" || field == "last_name" || field == "first_name" || field == "postal_code";
}

bool is_a_name(const std::string& field) {
    return field == "last_name" || field == "first_name";
}

bool nobody_of_ours(Party party) {
    return party == Party::Employer || party == Party::Practitioner || party == Party::Establishment ||
           party == Party::Deceased || party == Party::Other;
}

class Judgement {
  public:
    Judgement(const Findings& findings, const FieldHints& hints) : hints_(hints) {
        received_ = civil_date_of(hints.received_on);
        for (const auto& finding : findings) {
            if (plausible(finding)) kept_.push_back(finding);
        }
    }

    Fields fields() {
        give_numbers_to_persons();
        beneficiary_asked_for_ = take_out(kPlaceForBeneficiary);
        name_unread_ = take_out(kUnreadName);
        keep_the_beneficiary();
        std::vector<Value> values = gather();
        look_up(values);
        for (auto& value : values)
            value.contradicted = contradicted(value, values) || ends_no_later_than_it_begins(value, values);
        for (auto& value : values) value.second_match = second_match(value, values);
        Fields fields;
        for (const auto& value : values) fields[value.field].push_back(said(value));
        return fields;
    }

  private:
    // Whether that was noted of somebody who may be ours.
    bool take_out(std::string_view what) {
        bool ours = false;
        std::erase_if(kept_, [&](const Finding& finding) {
            ours |= finding.field == what && !nobody_of_ours(finding.party);
            return finding.field == what;
        });
        return ours;
    }

    bool plausible(const Finding& finding) const {
        if (finding.field == "siret" &&
            (finding.party == Party::Practitioner || finding.party == Party::Establishment)) {
            return false;
        }
        if (is_of_a_person(finding.field) && nobody_of_ours(finding.party)) return false;
        if (!is_date(finding.field) || !received_) return true;
        const auto date = civil_date_of(finding.value);
        if (!date) return false;
        if (finding.field == "birth_date") {
            return *date <= *received_ && date->year >= received_->year - kOldestBirthYears;
        }
        // An arrêt may end, or begin, after it was sent; the rest is past.
        const bool may_be_ahead = finding.field.starts_with("period_");
        return *date >= plus_months(*received_, -kCareMonthsMax) &&
               *date <= (may_be_ahead ? plus_months(*received_, 12) : *received_);
    }

    bool agrees_with_a_birth(const std::string& nir, bool of_beneficiary_only) const {
        return std::any_of(kept_.begin(), kept_.end(), [&](const Finding& other) {
            return other.field == "birth_date" && (!of_beneficiary_only || other.party == Party::Beneficiary) &&
                   nir_agrees_with_birth(nir, other.value);
        });
    }

    // `nir` is the insured's. A number in the beneficiary's section is the beneficiary's when the insured has another
    // one, read or not; alone, it is the insured's own, who is the beneficiary then. So is that of somebody who died:
    // what is claimed is claimed on the rights of the only number there is.
    void give_numbers_to_persons() {
        std::erase_if(kept_, [](const Finding& f) { return f.field == "nir" && f.party == Party::Other; });
        const bool of_another = std::any_of(kept_.begin(), kept_.end(), [](const Finding& finding) {
            return finding.field == kUnreadInsuredNir || (finding.field == "nir" && finding.party != Party::Deceased);
        });
        if (of_another)
            std::erase_if(kept_, [](const Finding& f) { return f.field == "nir" && f.party == Party::Deceased; });
        const bool insured_has_one = std::any_of(kept_.begin(), kept_.end(), [](const Finding& finding) {
            return finding.field == kUnreadInsuredNir ||
                   (finding.field == "nir" && finding.party != Party::Beneficiary);
        });
        std::erase_if(kept_, [](const Finding& f) { return f.field == kUnreadInsuredNir; });
        if (!insured_has_one) return;
        for (auto& finding : kept_) {
            if (finding.field != "nir" || finding.party != Party::Beneficiary) continue;
            const bool same = std::any_of(kept_.begin(), kept_.end(), [&](const Finding& other) {
                return other.field == "nir" && other.party != Party::Beneficiary && other.value == finding.value;
            });
            if (!same) finding.field = "beneficiary_nir";
        }
    }

    // Names and birth date are the beneficiary's as soon as one is named.
    void keep_the_beneficiary() {
        const bool named = std::any_of(kept_.begin(), kept_.end(), [](const Finding& finding) {
            return finding.party == Party::Beneficiary &&
                   (finding.field == "last_name" || finding.field == "first_name" || finding.field == "birth_date");
        });
        if (!named) return;
        std::erase_if(kept_, [](const Finding& finding) {
            return is_of_a_person(finding.field) && finding.field != "postal_code" && finding.party == Party::Insured;
        });
    }

    std::vector<Value> gather() const {
        std::vector<Value> values;
        for (const auto& finding : kept_) {
            const auto same = std::find_if(values.begin(), values.end(), [&](const Value& value) {
                return value.field == finding.field && folded(value.best.value) == folded(finding.value);
            });
            auto& value = same != values.end() ? *same : values.emplace_back(Value{finding.field, finding});
            if (finding.corrected == 0) ++value.places;
            const bool better =
                finding.corrected < value.best.corrected ||
                (finding.corrected == value.best.corrected && finding.confidence > value.best.confidence);
            if (better) value.best = finding;
        }
        return values;
    }

    // Numbers first, then what is said of their owners: names letter for letter, the birth date to the day.
    void look_up(std::vector<Value>& values) const {
        if (hints_.beneficiaries == nullptr) return;
        std::vector<Beneficiary> people;
        for (auto& value : values) {
            const bool number = value.field == "nir" || value.field == "beneficiary_nir";
            if (!number || value.best.check != FieldStatus::Valid || value.best.incomplete) continue;
            const auto owners = hints_.beneficiaries->with_number(value.best.value);
            value.registered = !owners.empty();
            people.insert(people.end(), owners.begin(), owners.end());
        }
        for (auto& value : values) {
            value.registered |= std::any_of(people.begin(), people.end(), [&](const Beneficiary& person) {
                return (value.field == "last_name" && folded(value.best.value) == person.last_name) ||
                       (value.field == "first_name" && folded(value.best.value) == person.first_name) ||
                       (value.field == "birth_date" && value.best.value == person.birth_date);
            });
        }
    }

    // Another value of the same field whose own rule holds, or has none. A number without its key that is nobody's says
    // nothing against somebody's.
    static bool contradicted(const Value& value, const std::vector<Value>& values) {
        return std::any_of(values.begin(), values.end(), [&](const Value& other) {
            if (&other == &value || other.field != value.field) return false;
            const bool number = value.field == "nir" || value.field == "beneficiary_nir";
            if (number && value.registered && !other.registered && other.best.check != FieldStatus::Valid) return false;
            return other.best.check != FieldStatus::Invalid;
        });
    }

    // An arrêt of one day is asked too: the same day at both ends is, more often, one end read under the other's label
    // after its own box was lost.
    static bool ends_no_later_than_it_begins(const Value& value, const std::vector<Value>& values) {
        return std::any_of(values.begin(), values.end(), [&](const Value& other) {
            return (value.field == "period_from" && other.field == "period_to" &&
                    other.best.value <= value.best.value) ||
                   (value.field == "period_to" && other.field == "period_from" && value.best.value <= other.best.value);
        });
    }

    bool second_match(const Value& value, const std::vector<Value>& values) const {
        if (value.places >= 2) return true;
        if (value.field == "nir" || value.field == "beneficiary_nir") {
            return value.best.labelled && agrees_with_a_birth(value.best.value, value.field == "beneficiary_nir");
        }
        if (value.field == "birth_date") {
            return std::any_of(values.begin(), values.end(), [&](const Value& other) {
                return (other.field == "nir" || other.field == "beneficiary_nir") &&
                       other.best.check == FieldStatus::Valid &&
                       nir_agrees_with_birth(other.best.value, value.best.value);
            });
        }
        return false;
    }

    // The same words («du», «à compter du») open other periods than an arrêt's, a document that is not about a name
    // often bears several, and any supplier prints its SIRET: they are believed on the types that need them only, and a
    // SIRET where it is said to be an employer's.
    bool expected(const std::string& field, Party party) const {
        if (field == "siret" && party == Party::Employer) return true;
        if (hints_.type == nullptr && (field == "siret" || field == "accident_date")) return true;
        if (!field.starts_with("period_") && !is_a_name(field) && field != "siret" && field != "accident_date") {
            return true;
        }
        if (hints_.type == nullptr) return false;
        const auto& required = hints_.type->required;
        return std::find(required.begin(), required.end(), field) != required.end();
    }

    bool is_valid(const Value& value) const {
        const auto& best = value.best;
        if (value.contradicted || !expected(value.field, best.party)) return false;
        // Where the beneficiary has a section, the insured's is filled in for somebody else, whose name was not read.
        const bool says_who = is_a_name(value.field) || value.field == "birth_date";
        if (beneficiary_asked_for_ && says_who && best.party == Party::Insured) return false;
        if (name_unread_ && is_a_name(value.field)) return false;  // that one may be the beneficiary's
        if (value.registered && is_a_name(value.field)) return true;
        const bool rule = best.check == FieldStatus::Valid || is_date(value.field);
        if (!rule || best.incomplete) return false;
        if (value.registered) return sure(best, kInRegister);
        if (best.corrected > 0) {
            // A number says the year and the month of a birth, and nothing of the day.
            return value.second_match && value.field != "caisse" &&
                   sure(best, is_date(value.field) ? kNoKey : kSecondMatch);
        }
        if (value.second_match && may_be_proved_by_repetition(value.field)) {
            if (sure(best, has_strong_key(value.field) ? kSecondMatch : kSameAgain)) return true;
        }
        if (value.field == "birth_date" && !value.second_match) return false;
        // The day it came is all that limits it, and text recognition takes a hand's 9 for a sure 7.
        if (value.field == "document_date" && !best.decoded) return false;
        const bool announced = best.labelled || value.field == "iban";
        return announced && sure(best, surety_for(value.field));
    }

    // The volets of a form are written by one hand, which is misread alike on each: twice the same proves nothing
    // where no key could have failed.
    static bool may_be_proved_by_repetition(const std::string& field) { return !is_date(field) && field != "caisse"; }
    static bool has_strong_key(const std::string& field) { return field != "finess" && field != "rpps"; }

    FieldValue said(const Value& value) const {
        const auto& best = value.best;
        FieldValue said;
        said.value = best.value;
        said.page = best.page->page;
        said.box = best.page->as_scanned(best.box);
        if (is_valid(value)) {
            said.status = FieldStatus::Valid;
            said.confidence = 0.5 + 0.5 * std::clamp(best.confidence, 0.0, 1.0);
        } else if (best.check == FieldStatus::Invalid) {
            said.status = FieldStatus::Invalid;
            said.confidence = kInvalidAtMost * std::clamp(best.confidence, 0.0, 1.0);
        } else {
            said.status = FieldStatus::Unchecked;
            said.confidence = kUncheckedAtMost * std::clamp(best.confidence, 0.0, 1.0);
        }
        return said;
    }

    const FieldHints& hints_;
    bool beneficiary_asked_for_ = false;
    bool name_unread_ = false;
    std::optional<CivilDate> received_;
    Findings kept_;
};

}  // namespace

bool read_surely_under_modulo_97(double mean, double weakest) {
    return mean >= kModulo97.mean && weakest >= kModulo97.weakest;
}

Fields judge(const Findings& findings, const FieldHints& hints) {
    return Judgement(findings, hints).fields();
}

}  // namespace pleiade::reader::fields
