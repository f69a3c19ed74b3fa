#include "common/ledger/sql/endorsers.h"

#include <boost/json.hpp>

namespace pleiade::ledger {
namespace {

constexpr std::size_t kEndorsersMax = 1'000;
constexpr std::size_t kEndorserBytesMax = 64;

}  // namespace

std::string plain_number(const std::string& text) {
    std::string plain;
    for (const char c : text) {
        if (c == ' ' || c == '\t') continue;
        plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return plain;
}

void store_endorsers(Database& database, std::int64_t pli_n, const std::string& manifest_json) {
    boost::json::error_code error;
    const auto entry = boost::json::parse(manifest_json, error);
    if (error || !entry.is_object()) return;
    const auto* endorsers = entry.as_object().if_contains("endorsers");
    if (endorsers == nullptr || !endorsers->is_array()) return;
    std::size_t stored = 0;
    for (const auto& endorser : endorsers->as_array()) {
        if (!endorser.is_string() || endorser.as_string().empty()) continue;
        if (endorser.as_string().size() > kEndorserBytesMax || ++stored > kEndorsersMax) continue;
        run(database, "INSERT INTO endorser VALUES(?,?) ON CONFLICT DO NOTHING",
            plain_number(std::string(endorser.as_string())), pli_n);
    }
}

}  // namespace pleiade::ledger
