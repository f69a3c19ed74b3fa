#include "services/reader/stated_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/domain/text_fold.h"

namespace pleiade::reader {
namespace {

constexpr double kUncheckedAtMost = 0.6;

bool same(const FieldValue& a, const FieldValue& b) {
    return folded(a.value) == folded(b.value);
}

void doubt(FieldValue& value) {
    value.status = FieldStatus::Unchecked;
    value.confidence = std::min(value.confidence, kUncheckedAtMost);
}

std::string_view in_french(std::string_view field) {
    static const std::map<std::string_view, std::string_view> words = {{"last_name", "nom"},
                                                                       {"first_name", "prénom"},
                                                                       {"birth_date", "date de naissance"},
                                                                       {"postal_code", "code postal"},
                                                                       {"iban", "IBAN"},
                                                                       {"siret", "SIRET"},
                                                                       {"rpps", "RPPS"},
                                                                       {"finess", "FINESS"},
                                                                       {"document_date", "date du document"}};
    const auto found = words.find(field);
    return found == words.end() ? field : found->second;
}

void join_valid(const std::string& field, FieldValue stated, std::vector<FieldValue>& read,
                std::vector<Reason>& reasons) {
    const bool denied = std::any_of(read.begin(), read.end(), [&](const FieldValue& value) {
        return value.status == FieldStatus::Valid && !same(value, stated);
    });
    if (denied) {
        for (auto& value : read) doubt(value);
        if (std::none_of(read.begin(), read.end(), [&](const FieldValue& value) { return same(value, stated); })) {
            doubt(stated);
            read.push_back(stated);
        }
        reasons.push_back({fmt::format("la page et son code ne disent pas la même chose ({})", in_french(field)),
                           stated.page, stated.box});
        return;
    }
    // Where it was read in the text is where a person looks for it.
    for (auto& value : read) {
        if (!same(value, stated)) continue;
        stated.page = value.page;
        stated.box = value.box;
    }
    read = {stated};
}

void join_unchecked(const FieldValue& stated, std::vector<FieldValue>& read) {
    const bool known = std::any_of(read.begin(), read.end(), [&](const FieldValue& value) {
        return value.status == FieldStatus::Valid || same(value, stated);
    });
    if (!known) read.push_back(stated);
}

}  // namespace

void join_stated(const std::vector<StatedField>& stated, Fields& fields, std::vector<Reason>& reasons) {
    std::map<std::string, std::vector<FieldValue>> by_field;
    for (const auto& one : stated) {
        auto& values = by_field[one.field];
        const auto known =
            std::find_if(values.begin(), values.end(), [&](const FieldValue& value) { return same(value, one.value); });
        if (known == values.end()) {
            values.push_back(one.value);
        } else if (one.value.status == FieldStatus::Valid && known->status != FieldStatus::Valid) {
            *known = one.value;
        }
    }
    for (auto& [field, values] : by_field) {
        const auto valid = std::count_if(values.begin(), values.end(),
                                         [](const FieldValue& value) { return value.status == FieldStatus::Valid; });
        if (valid > 1) {
            for (auto& value : values) doubt(value);
        }
        auto& read = fields[field];
        for (const auto& value : values) {
            if (value.status == FieldStatus::Valid) {
                join_valid(field, value, read, reasons);
            } else if (value.status == FieldStatus::Unchecked) {
                join_unchecked(value, read);
            }
        }
        // What only resembled it is not said beside a value that is sure.
        if (read.empty()) fields.erase(field);
    }
}

}  // namespace pleiade::reader
