#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "services/gateway/routes.h"
#include "tests/unit/gateway/station.h"

namespace pleiade::gateway {

namespace {

boost::json::object described(Harness& harness) {
    return harness.get("/api/v1/openapi.json").json();
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Every "$ref" of the description, wherever it stands.
void collect_references(const boost::json::value& value, std::set<std::string>& references) {
    if (value.is_array()) {
        for (const auto& item : value.as_array()) collect_references(item, references);
    } else if (value.is_object()) {
        for (const auto& [key, item] : value.as_object()) {
            if (key == "$ref") references.insert(std::string(item.as_string()));
            collect_references(item, references);
        }
    }
}

// Described before it is served, so that its clients can be written: it must say so, and stop saying so once served.
bool is_planned(const boost::json::value& operation) {
    return operation.as_object().contains("x-pleiade-planned");
}
// A POST that changes nothing, and is one only because what it asks must not stand in an address; or a session of one's
// own.
bool is_safe(const boost::json::object& operation) {
    return operation.contains("x-pleiade-safe") || operation.contains("x-pleiade-unkeyed");
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
    Harness harness;
    std::set<std::string> served, written, planned;
    for (const auto& route : all_routes()) served.insert(lower(route.method) + " " + std::string(route.pattern));
    const auto description = described(harness);
    for (const auto& [path, operations] : description.at("paths").as_object()) {
        for (const auto& [method, operation] : operations.as_object()) {
            (is_planned(operation) ? planned : written).insert(std::string(method) + " " + std::string(path));
        }
    }
    EXPECT_EQ(served, written);
    for (const auto& operation : planned) EXPECT_FALSE(served.contains(operation)) << operation;
}

TEST(OpenApi, DescribesEveryParameterOfAPathAndEveryKeyedPost) {
    Harness harness;
    const auto description = described(harness);
    for (const auto& route : all_routes()) {
        const auto& operation =
            description.at("paths").as_object().at(route.pattern).as_object().at(lower(route.method)).as_object();
        std::set<std::string> in_path;
        bool key = false;
        if (const auto* parameters = operation.if_contains("parameters")) {
            for (const auto& parameter : parameters->as_array()) {
                if (parameter.at("in") == "path") in_path.insert(std::string(parameter.at("name").as_string()));
                if (parameter.at("name") == "Idempotency-Key") key = parameter.at("required").as_bool();
            }
        }
        std::set<std::string> in_pattern;
        for (auto open = route.pattern.find('{'); open != std::string_view::npos;
             open = route.pattern.find('{', open + 1)) {
            in_pattern.emplace(route.pattern.substr(open + 1, route.pattern.find('}', open) - open - 1));
        }
        EXPECT_EQ(in_path, in_pattern) << route.pattern;
        EXPECT_EQ(key, route.method == "POST" && !is_safe(operation)) << route.pattern;
        EXPECT_EQ(operation.contains("requestBody"), route.method == "POST" || route.method == "PUT") << route.pattern;
        EXPECT_TRUE(operation.at("responses").as_object().contains("200")) << route.pattern;
    }
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
    Harness harness;
    const auto description = described(harness);
    std::set<std::string> references;
    collect_references(description, references);
    EXPECT_GT(references.size(), 10U);
    for (const auto& reference : references) {
        boost::json::error_code error;
        EXPECT_NE(boost::json::value(description).find_pointer(reference.substr(1), error), nullptr) << reference;
    }
}

TEST(OpenApi, TheExamplesOfItsPostsAndPutsAreAccepted) {
    Station station;
    const std::string pli = station.receive("0001");
    const auto description = boost::json::parse(station.get("/api/v1/openapi.json").body);
    int sent = 0;
    for (const auto& [path, operations] : description.at("paths").as_object()) {
        for (const auto& [method, operation] : operations.as_object()) {
            if ((method != "post" && method != "put") || is_planned(operation)) continue;
            std::string target(path);
            for (const auto& [name, value] : {std::pair{"{caisse}", std::string("595")},
                                              {"{service}", "GDB"},
                                              {"{id}", path.starts_with("/api/v1/documents") ? pli + "-1" : pli},
                                              {"{account}", "somebody"},
                                              {"{verb}", "re-route"},
                                              {"{page}", "1"}}) {
                const auto at = target.find(name);
                if (at != std::string::npos) target.replace(at, std::string(name).size(), value);
            }
            const auto example =
                boost::json::serialize(operation.at("requestBody").at("content").at("application/json").at("example"));
            const auto answer = method == "put" ? station.put(target, boost::json::parse(example).as_object())
                                                : station.post(target, example, "example-" + std::to_string(++sent));
            sent += method == "put" ? 1 : 0;
            // Done, or refused because the mail is not in the state for it: never for its shape.
            // What is about people is refused to those who work on mail, and a password of the example is nobody's.
            const bool of_people = answer.status == 401 || answer.status == 403;
            EXPECT_TRUE(answer.status == 200 || answer.status == 404 || answer.status == 409 || of_people)
                << target << " " << answer.body;
            EXPECT_TRUE(!of_people || target.find("/session") != std::string::npos ||
                        target.find("/accounts") != std::string::npos || target.find("/keys") != std::string::npos)
                << target << " " << answer.body;
        }
    }
    const auto written = std::ranges::count_if(
        all_routes(), [](const Route& route) { return route.method == "POST" || route.method == "PUT"; });
    EXPECT_EQ(sent, written);
}

}  // namespace

}  // namespace pleiade::gateway
