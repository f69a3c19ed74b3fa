#include "services/ingest/lot_report.h"

#include <boost/json.hpp>
#include <numeric>

namespace pleiade::ingest {
namespace {

namespace json = boost::json;

json::value rejection_value(const std::optional<Error>& error, const std::string& file) {
    if (!error) return nullptr;
    return json::object{{"file", file}, {"code", error->code}, {"message", error->message}};
}

void read_rejection(const json::value& value, std::optional<Error>& error, std::string& file) {
    if (value.is_null()) return;
    error = Error{ErrorKind::Invalid, std::string(value.at("code").as_string()),
                  std::string(value.at("message").as_string())};
    file = value.at("file").as_string();
}

json::array texts(const std::vector<std::string>& items) {
    return json::array(items.begin(), items.end());
}

std::vector<std::string> read_texts(const json::value& value) {
    std::vector<std::string> items;
    for (const auto& item : value.as_array()) items.emplace_back(item.as_string());
    return items;
}

json::object pli_object(const PliOutcome& pli) {
    json::array files;
    for (const auto& file : pli.files) {
        files.push_back(json::object{{"name", file.name}, {"sha256", file.sha256}, {"size_bytes", file.size_bytes}});
    }
    return {{"pli", pli.pli},
            {"outcome", pli.rejection ? "rejected" : "registered"},
            {"pli_id", pli.pli_id},
            {"seen_before", pli.seen_before},
            {"held_duplicate", pli.held_duplicate},
            {"pages", pli.pages},
            {"files", std::move(files)},
            {"rejection", rejection_value(pli.rejection, pli.rejected_file)},
            {"present", texts(pli.present)}};
}

PliOutcome read_pli(const json::value& value) {
    PliOutcome pli;
    pli.pli = value.at("pli").as_string();
    pli.pli_id = value.at("pli_id").as_string();
    pli.seen_before = value.at("seen_before").as_bool();
    pli.held_duplicate = value.at("held_duplicate").as_bool();
    pli.pages = value.at("pages").to_number<int>();
    for (const auto& file : value.at("files").as_array()) {
        pli.files.push_back({std::string(file.at("sha256").as_string()),
                             file.at("size_bytes").to_number<std::uint64_t>(),
                             std::string(file.at("name").as_string())});
    }
    read_rejection(value.at("rejection"), pli.rejection, pli.rejected_file);
    pli.present = read_texts(value.at("present"));
    return pli;
}

}  // namespace

int LotReport::registered() const {
    return static_cast<int>(plis.size()) - rejected();
}

int LotReport::rejected() const {
    return std::accumulate(plis.begin(), plis.end(), 0,
                           [](int sum, const PliOutcome& pli) { return sum + (pli.rejection ? 1 : 0); });
}

int LotReport::pages() const {
    return std::accumulate(plis.begin(), plis.end(), 0,
                           [](int sum, const PliOutcome& pli) { return sum + (pli.rejection ? 0 : pli.pages); });
}

std::uint64_t LotReport::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& pli : plis) {
        for (const auto& file : pli.files) sum += file.size_bytes;
    }
    return sum;
}

std::string to_json(const LotReport& report) {
    json::array plis;
    for (const auto& pli : report.plis) plis.push_back(pli_object(pli));
    return json::serialize(
        json::object{{"lot", report.lot},
                     {"loose_file", report.loose_file},
                     {"content_sha256", report.content_sha256},
                     {"at", report.at},
                     {"announced", json::object{{"plis", report.announced_plis}, {"pages", report.announced_pages}}},
                     {"registered", report.registered()},
                     {"rejected", report.rejected()},
                     {"plis", std::move(plis)},
                     {"unlisted", texts(report.unlisted)},
                     {"rejection", rejection_value(report.rejection, report.rejected_file)}});
}

Result<LotReport> report_from_json(std::string_view text) {
    try {
        const auto value = json::parse(text, {}, json::parse_options{.allow_invalid_utf8 = true});
        LotReport report;
        report.lot = value.at("lot").as_string();
        report.loose_file = value.at("loose_file").as_bool();
        report.content_sha256 = value.at("content_sha256").as_string();
        report.at = value.at("at").as_string();
        report.announced_plis = value.at("announced").at("plis").to_number<int>();
        report.announced_pages = value.at("announced").at("pages").to_number<int>();
        for (const auto& pli : value.at("plis").as_array()) report.plis.push_back(read_pli(pli));
        report.unlisted = read_texts(value.at("unlisted"));
        read_rejection(value.at("rejection"), report.rejection, report.rejected_file);
        return report;
    } catch (const std::exception& error) {
        return invalid("REPORT_INVALID", std::string("a lot's report cannot be read: ") + error.what());
    }
}

std::string rejection_json(const LotReport& report, const std::string& pli, const std::string& file,
                           const Error& error) {
    return json::serialize(json::object{{"lot", report.lot},
                                        {"pli", pli},
                                        {"file", file},
                                        {"code", error.code},
                                        {"message", error.message},
                                        {"at", report.at}});
}

std::string log_name(const std::string& lot, bool loose_file) {
    if (!loose_file) return lot;
    return "loose-" + lot.substr(lot.size() < 8 ? 0 : lot.size() - 8);
}

}  // namespace pleiade::ingest
