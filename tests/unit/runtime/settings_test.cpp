#include "common/runtime/settings.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace pleiade::runtime {
namespace {

using std::chrono::milliseconds;
using test::TemporaryFolder;
using test::write_file;

Result<Settings> settings_of(const std::string& content) {
    const TemporaryFolder folder;
    write_file(folder.path() / "pleiade.toml", content);
    return load_settings(folder / "pleiade.toml");
}

TEST(Settings, HaveDefaultsWithoutAFile) {
    const auto settings = load_settings("");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->gateway.port, 8080);
    EXPECT_EQ(settings->work_endpoint().endpoints, std::vector{"ipc://" + settings->home + "/run/work"});
}

TEST(Settings, TakeEveryKindOfKey) {
    const auto settings = settings_of(R"(
home = "h"
[ingest]
separator_prefixes = ["SEP"]
scan_every_ms = 20
[hub]
lease_ms = 2000
desk_endpoint = "tcp://127.0.0.1:9"
[bus]
work_endpoints = ["ipc:///run/work", "tcp://[::1]:7101"]
[decoder]
memory_bytes = 134217728
)");
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->home, "h");
    EXPECT_EQ(settings->ingest.separator_prefixes, std::vector<std::string>{"SEP"});
    EXPECT_EQ(settings->ingest.scan_every, milliseconds(20));
    EXPECT_EQ(settings->hub.lease, milliseconds(2000));
    EXPECT_EQ(settings->desk_endpoint().endpoints, std::vector<std::string>{"tcp://127.0.0.1:9"});
    EXPECT_EQ(settings->work_endpoint().endpoints, (std::vector<std::string>{"ipc:///run/work", "tcp://[::1]:7101"}));
    EXPECT_EQ(settings->decoder.memory_bytes, 134217728u);
}

TEST(Settings, TakeSeveralEndpointsAndLeaveThisMachineTheNearest) {
    const auto settings = settings_of("[hub]\nwork_endpoint = \"ipc:///run/work,tcp://*:7101\"\n");
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->hub_work_endpoints(), (std::vector<std::string>{"ipc:///run/work", "tcp://*:7101"}));
    EXPECT_EQ(settings->work_endpoint().endpoints, std::vector<std::string>{"ipc:///run/work"});
    for (const char* wrong :
         {"\"\"", "\"hub-a:7101\"", "\"tcp://hub-a\"", "\"tcp://hub-a:x\"", "[]", "[1]", "\"ipc://\""}) {
        const auto refused = settings_of("[bus]\nwork_endpoints = " + std::string(wrong) + "\n");
        ASSERT_FALSE(refused) << wrong;
        EXPECT_NE(refused.error().message.find("«bus.work_endpoints» takes ipc://PATH or tcp://HOST:PORT"),
                  std::string::npos)
            << refused.error().message;
    }
}

TEST(Settings, SayWhereTheKeysOfTheBusAre) {
    Settings settings;
    settings.home = "/srv/pleiade";
    EXPECT_EQ(settings.work_endpoint("reader").key_file, "/srv/pleiade/keys/bus/reader.key");
    EXPECT_EQ(settings.desk_endpoint().key_file, "/srv/pleiade/keys/bus/ops.key");
    EXPECT_EQ(settings.bus_allowed_file(), "/srv/pleiade/keys/bus/allowed.csv");
    const std::string key(40, 'a');
    const auto named = settings_of("[bus]\nkey_file = \"/k\"\nallowed_file = \"/a\"\nhub_keys = [\"" + key + "\"]\n");
    ASSERT_TRUE(named) << named.error().message;
    EXPECT_EQ(named->work_endpoint("reader").key_file, "/k");
    EXPECT_EQ(named->desk_endpoint().hub_keys, std::vector{key});
    EXPECT_EQ(named->bus_allowed_file(), "/a");
    const auto refused = settings_of("[bus]\nhub_keys = [\"" + key + "a\"]\n");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("«bus.hub_keys» takes a list of public keys"), std::string::npos)
        << refused.error().message;
}

TEST(Settings, NameTheNearestKeyOfAnUnknownOne) {
    const auto settings = settings_of("[hub]\nleese_ms = 3\n");
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code, "CONFIG_INVALID");
    EXPECT_NE(settings.error().message.find("pleiade.toml:2:1: unknown key «hub.leese_ms»"), std::string::npos)
        << settings.error().message;
    EXPECT_NE(settings.error().message.find("«hub.lease_ms»"), std::string::npos);
}

TEST(Settings, NameTheEnvironmentAmongThree) {
    EXPECT_EQ(load_settings("")->gateway.environment, "production");
    EXPECT_EQ(settings_of("[gateway]\nenvironment = \"recette\"\n")->gateway.environment, "recette");
    const auto refused = settings_of("[gateway]\nenvironment = \"test\"\n");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("takes one of production, recette, formation"), std::string::npos)
        << refused.error().message;
}

TEST(Settings, SayWhatAKeyTakes) {
    const auto settings = settings_of("[gateway]\nport = 70000\n");
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().message.find(":2:8: «gateway.port» takes a whole number from 0 to 65535"),
              std::string::npos)
        << settings.error().message;
}

TEST(Settings, PointAtAFaultOfTheFile) {
    const auto settings = settings_of("[hub\n");
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().message.find("pleiade.toml:1:"), std::string::npos) << settings.error().message;
}

TEST(Settings, OfTheShippedFileAreTheDefaultsOnceUncommented) {
    const auto shipped = read_file((test::config_folder() / "pleiade.toml").string());
    ASSERT_TRUE(shipped);
    std::string uncommented;
    std::size_t from = 0;
    while (from < shipped->size()) {
        const auto to = shipped->find('\n', from);
        auto line = shipped->substr(from, to - from);
        if (line.rfind("# ", 0) == 0 && line.find(" = ") != std::string::npos) line = line.substr(2);
        uncommented += line + "\n";
        from = to + 1;
    }
    const auto settings = settings_of(uncommented);
    ASSERT_TRUE(settings) << settings.error().message;
    const Settings defaults;
    EXPECT_EQ(settings->hub.lease, defaults.hub.lease);
    EXPECT_EQ(settings->decoder.memory_bytes, defaults.decoder.memory_bytes);
    EXPECT_EQ(settings->ingest.separator_prefixes, defaults.ingest.separator_prefixes);
    EXPECT_EQ(settings->reader.processes, defaults.reader.processes);
}

}  // namespace
}  // namespace pleiade::runtime
