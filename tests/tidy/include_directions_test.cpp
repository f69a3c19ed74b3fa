// Who may include whom. To change the architecture, change these tables in a commit that says why.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "tests/tidy/tree.h"

namespace pleiade::tidy {
namespace {

// A folder may include itself and these.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"common/base", {}},
    {"common/sandbox", {}},  // a program locked in by it links as little as it can
    {"common/domain", {"common/base"}},
    {"common/wire", {"common/base", "common/domain"}},
    {"common/bus", {"common/base", "common/domain", "common/wire"}},
    {"common/vault", {"common/base", "common/domain"}},
    {"common/hub_vault", {"common/base", "common/domain", "common/wire", "common/bus", "common/vault"}},
    {"common/ledger", {"common/base", "common/domain", "common/wire", "common/vault"}},
    {"common/vision", {"common/base", "common/domain"}},
    {"common/runtime", {"common/base"}},
};
const std::set<std::string> kAnyServiceMayInclude = {
    "common/base",  "common/domain", "common/wire",    "common/bus",     "common/ledger",
    "common/vault", "common/vision", "common/runtime", "common/sandbox", "common/hub_vault"};
// The command line runs these without a process of their own.
const std::set<std::string> kCliMayInclude = {"services/ingest", "services/reader", "services/router"};

// A third-party header, and the only folders that own it.
const std::vector<std::pair<std::regex, std::set<std::string>>> kOwnedHeaders = {
    {std::regex(R"(^(zmq\.hpp|zmq\.h|zmq_addon\.hpp)$)"), {"common/bus"}},
    {std::regex(R"(.*\.pb\.h$)"), {"common/wire"}},
    {std::regex(R"(^sqlite3\.h$)"), {"common/ledger"}},
    {std::regex(R"(^(libpq-fe\.h|pqxx/.*)$)"), {"common/ledger"}},
    {std::regex(R"(^opencv2/.*)"), {"common/vision", "services/reader"}},
    {std::regex(R"(^opencv2/(imgcodecs|highgui|videoio).*)"), {}},
    {std::regex(R"(^tesseract/.*)"), {"services/reader"}},
    {std::regex(R"(^(tiff|tiffio)\.h$)"), {"services/decoder", "services/binder", "tests/mail"}},
    {std::regex(R"(^ft2build\.h$)"), {"services/reader"}},  // fonts, for the digit model to learn from
    {std::regex(R"(^ZXing/.*)"), {"services/decoder"}},
    {std::regex(R"(^qpdf/.*)"), {"services/decoder", "services/binder"}},
    {std::regex(R"(^cjose/.*)"), {"services/gateway"}},
    {std::regex(R"(^curl/.*)"), {"common/vault"}},
    {std::regex(R"(^seccomp\.h$)"), {"common/sandbox"}},
    {std::regex(R"(^spdlog/.*)"), {"common/runtime"}},
    {std::regex(R"(^toml\+\+/.*)"), {"common/runtime", "services/router", "services/reader"}},
    {std::regex(R"(^(cairo|pango)/.*)"), {"tests/mail"}},
};

std::string module_of(const std::string& path) {
    const auto first = path.find('/');
    const auto second = path.find('/', first + 1);
    return path.substr(0, second);
}

struct Include {
    std::string from;  // "common/base/csv.cpp:12"
    std::string module;
    std::string target;
};

std::vector<Include> includes() {
    static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Include> all;
    for (const auto& file : source_files()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            std::smatch match;
            if (!std::regex_search(file.lines[i], match, pattern)) continue;
            all.push_back({fmt::format("{}:{}", file.path, i + 1), module_of(file.path), match[1]});
        }
    }
    return all;
}

bool may_include(const std::string& from, const std::string& to) {
    if (from == to || from.rfind("tests/", 0) == 0) return true;
    if (from.rfind("services/", 0) == 0) {
        return kAnyServiceMayInclude.contains(to) || (from == "services/cli" && kCliMayInclude.contains(to));
    }
    const auto allowed = kMayInclude.find(from);
    return allowed != kMayInclude.end() && allowed->second.contains(to);
}

TEST(IncludeDirections, AreThoseOfTheTable) {
    std::string wrong;
    for (const auto& include : includes()) {
        const bool ours = include.target.rfind("common/", 0) == 0 || include.target.rfind("services/", 0) == 0;
        if (ours && !may_include(include.module, module_of(include.target))) {
            wrong += fmt::format("{} includes {}\n", include.from, include.target);
        }
        if (include.target.rfind("tests/", 0) == 0 && include.module.rfind("tests/", 0) != 0) {
            wrong += fmt::format("{} includes a test\n", include.from);
        }
    }
    EXPECT_TRUE(wrong.empty()) << wrong;
}

TEST(IncludeDirections, KeepThirdPartyHeadersInTheFolderThatOwnsThem) {
    std::string wrong;
    for (const auto& include : includes()) {
        for (const auto& [header, owners] : kOwnedHeaders) {
            if (!std::regex_match(include.target, header) || owners.contains(include.module)) continue;
            if (include.module.rfind("tests/", 0) == 0 && !owners.empty()) continue;  // tests may look inside
            wrong += fmt::format("{} includes <{}>\n", include.from, include.target);
        }
    }
    EXPECT_TRUE(wrong.empty()) << wrong;
}

TEST(IncludeDirections, FindAnIncludeThatBreaksThem) {
    EXPECT_FALSE(may_include("common/domain", "common/ledger"));
    EXPECT_FALSE(may_include("services/hub", "services/reader"));
    EXPECT_TRUE(may_include("services/cli", "services/reader"));
    EXPECT_GT(includes().size(), 100u);
}

}  // namespace
}  // namespace pleiade::tidy
