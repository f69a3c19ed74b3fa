#include "services/reader/two_d_doc/trust_list.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "common/base/csv.h"
#include "common/domain/identifiers/date_text.h"

namespace pleiade::reader::two_d_doc {
namespace {

constexpr std::size_t kKeyTextMax = 16'384;

bool is_name(std::string_view text) {
    return text.size() == 4 && std::all_of(text.begin(), text.end(),
                                           [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

std::optional<std::string> base64_bytes(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0 || text.size() > kKeyTextMax) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
    bytes.resize(static_cast<std::size_t>(size) - padding);  // the function counts what stands for padding
    return bytes;
}

}  // namespace

bool TrustedKey::covers(const Date& day) const {
    return (valid_from.empty() || valid_from <= day) && (valid_to.empty() || day <= valid_to);
}

Result<TrustList> TrustList::parse(std::string_view csv, const std::string& file_name) {
    auto table = CsvTable::parse(file_name, csv, {"authority", "certificate", "valid_from", "valid_to", "key"});
    if (!table) return pass_on(table);
    TrustList list;
    for (const auto& row : (*table)->rows()) {
        for (const auto* column : {"authority", "certificate"}) {
            if (!is_name(row[column])) {
                return (*table)->error_at(row.at(column), "a name has four characters, 0 to 9 and A to Z");
            }
        }
        for (const auto* column : {"valid_from", "valid_to"}) {
            if (!row[column].empty() && !civil_date_of(row[column])) {
                return (*table)->error_at(row.at(column), fmt::format("«{}» is no date YYYY-MM-DD", row[column]));
            }
        }
        const auto der = base64_bytes(row["key"]);
        auto key = der ? PublicKey::from_der(*der) : std::nullopt;
        if (!key) {
            return (*table)->error_at(row.at("key"),
                                      "this is neither a certificate nor a public key on P-256, P-384 or P-521, in "
                                      "base64 and on one line");
        }
        TrustedKey trusted{*key, row["valid_from"], row["valid_to"]};
        if (trusted.valid_from.empty()) trusted.valid_from = key->valid_from();
        if (trusted.valid_to.empty()) trusted.valid_to = key->valid_to();
        list.keys_[{row["authority"], row["certificate"]}].push_back(std::move(trusted));
    }
    return list;
}

const std::vector<TrustedKey>& TrustList::find(const std::string& authority, const std::string& certificate) const {
    static const std::vector<TrustedKey> none;
    const auto found = keys_.find({authority, certificate});
    return found == keys_.end() ? none : found->second;
}

}  // namespace pleiade::reader::two_d_doc
