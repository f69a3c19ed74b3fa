#include "common/vault/s3/s3_options.h"

#include <boost/url.hpp>
#include <cstdlib>
#include <fstream>
#include <set>

namespace pleiade::vault {
namespace {

namespace urls = boost::urls;

tl::unexpected<Error> wrong(const std::string& what) {
    return invalid("CONFIG_INVALID", "vault.url: " + what);
}

// What is signed must be what is sent: names that need no escaping leave nothing to interpretation.
bool is_plain(const std::string& name, const std::string& also) {
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-." + also) == std::string::npos;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<void> check_endpoint(const std::string& endpoint) {
    const auto url = urls::parse_uri(endpoint);
    if (!url || url->host().empty() || !url->path().empty() || url->has_query() || url->has_userinfo()) {
        return wrong("endpoint is https://host or https://host:port");
    }
    const std::string host = url->host();
    const bool loopback = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    if (url->scheme() == "https" || (url->scheme() == "http" && loopback)) return {};
    return wrong("endpoint must be https: page images travel there");
}

Result<void> read_keys(const std::string& file, S3Options& options) {
    if (file.empty()) {
        options.access_key = environment("AWS_ACCESS_KEY_ID");
        options.secret_key = environment("AWS_SECRET_ACCESS_KEY");
        if (!options.access_key.empty() && !options.secret_key.empty()) return {};
        return wrong("no key: name a keyfile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
    std::ifstream stream(file);
    if (!stream) return wrong("the keyfile " + file + " cannot be read; check its path and rights");
    if (stream >> options.access_key >> options.secret_key) return {};
    return wrong("the keyfile " + file + " must hold two lines: the access key, the secret key");
}

}  // namespace

Result<S3Options> parse_s3_url(const std::string& text) {
    const auto url = urls::parse_uri(text);
    if (!url || url->scheme() != "s3" || url->has_userinfo() || url->has_port()) {
        return wrong("an S3 store is s3://bucket/prefix?endpoint=...&region=...&keyfile=..., without keys in it");
    }
    S3Options options;
    options.bucket = url->host();
    if (options.bucket.empty() || !is_plain(options.bucket, "")) return wrong("a bucket has a-z, 0-9, - and . only");
    options.prefix = url->path();
    while (options.prefix.starts_with('/')) options.prefix.erase(0, 1);
    if (!is_plain(options.prefix, "/_")) return wrong("a prefix has a-z, 0-9, - . _ and / only");
    if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix += '/';

    std::string key_file;
    for (const auto& parameter : url->params()) {
        const std::string name(parameter.key);
        const std::string value(parameter.value);
        if (name == "endpoint") {
            options.endpoint = value;
        } else if (name == "region") {
            options.region = value;
        } else if (name == "keyfile") {
            key_file = value;
        } else if (name == "cafile") {
            options.ca_file = value;
        } else {
            return wrong("«" + name + "» is not known; there are endpoint, region, keyfile and cafile");
        }
    }
    if (options.region.empty() || !is_plain(options.region, "")) return wrong("a region has a-z, 0-9 and - only");
    if (options.endpoint.empty()) options.endpoint = "https://s3." + options.region + ".amazonaws.com";
    if (auto checked = check_endpoint(options.endpoint); !checked) return pass_on(checked);
    if (auto read = read_keys(key_file, options); !read) return pass_on(read);
    return options;
}

}  // namespace pleiade::vault
