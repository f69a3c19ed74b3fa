#include "common/vault/s3/s3_answers.h"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <ctime>
#include <optional>
#include <sstream>

namespace pleiade::vault {
namespace {

namespace tree = boost::property_tree;

std::optional<tree::ptree> parsed(const std::string& xml, const char* root) {
    try {
        tree::ptree document;
        std::istringstream stream(xml);
        tree::read_xml(stream, document);
        if (const auto child = document.get_child_optional(root)) return *child;
    } catch (const tree::ptree_error&) {  // not XML
    }
    return std::nullopt;
}

tl::unexpected<Error> not_understood(const std::string& what) {
    return unavailable("VAULT_IO", "the S3 store answered something else than " + what);
}

bool goes_on(const tree::ptree& list) {
    return list.get<std::string>("IsTruncated", "false") == "true";
}

// "2026-11-22T17:06:08.000Z", as S3 dates everything.
std::optional<std::chrono::sys_seconds> time_of(const std::string& text) {
    std::tm parts{};
    if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

Result<Listing> parse_listing(const std::string& xml) {
    const auto list = parsed(xml, "ListBucketResult");
    if (!list) return not_understood("a list of files");
    Listing listing;
    for (const auto& [name, child] : *list) {
        if (name == "Contents") listing.keys.push_back(child.get<std::string>("Key", ""));
    }
    if (goes_on(*list)) {
        listing.next = list->get<std::string>("NextContinuationToken", "");
        if (listing.next.empty()) return not_understood("a list that can be gone on with");
    }
    return listing;
}

Result<PendingUploads> parse_uploads(const std::string& xml) {
    const auto list = parsed(xml, "ListMultipartUploadsResult");
    if (!list) return not_understood("a list of uploads");
    PendingUploads pending;
    for (const auto& [name, child] : *list) {
        if (name != "Upload") continue;
        const auto since = time_of(child.get<std::string>("Initiated", ""));
        if (!since) return not_understood("a date");
        pending.uploads.push_back({child.get<std::string>("Key", ""), child.get<std::string>("UploadId", ""), *since});
    }
    if (goes_on(*list)) {
        pending.next_key = list->get<std::string>("NextKeyMarker", "");
        pending.next_id = list->get<std::string>("NextUploadIdMarker", "");
    }
    return pending;
}

Result<std::string> parse_upload_id(const std::string& xml) {
    const auto made = parsed(xml, "InitiateMultipartUploadResult");
    auto id = made ? made->get<std::string>("UploadId", "") : "";
    if (id.empty()) return not_understood("the beginning of an upload");
    return id;
}

std::string error_code_of(const std::string& xml) {
    const auto error = parsed(xml, "Error");
    return error ? error->get<std::string>("Code", "") : "";
}

bool is_completed(const std::string& xml) {
    return parsed(xml, "CompleteMultipartUploadResult").has_value();
}

std::string completion_of(const std::vector<std::string>& etags) {
    std::string xml = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < etags.size(); ++i) {
        xml += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" +
               tree::xml_parser::encode_char_entities(etags[i]) + "</ETag></Part>";
    }
    return xml + "</CompleteMultipartUpload>";
}

}  // namespace pleiade::vault
