// The vault behind a hub passes the suite of every vault: what is put and erased goes to the store itself, as ingest
// and the command line do it; what is read comes from a hub.
#include "common/hub_vault/hub_vault.h"
#include "tests/unit/hub/running_hub.h"
#include "tests/unit/hub_vault/stored_mail.h"

namespace pleiade::hub_vault {
namespace {

using hub::RunningHub;
using vault::Adapter;
using vault::VaultConformance;

class ReadThroughAHub final : public vault::Vault {
  public:
    ReadThroughAHub(vault::Vault& store, std::unique_ptr<vault::Vault> read) : store_(store), read_(std::move(read)) {}

    Result<StoredFile> put(const PliId& pli, int source_fd, const std::string& name) override {
        return store_.put(pli, source_fd, name);
    }
    Result<int> open(const PliId& pli, const std::string& sha256) const override { return read_->open(pli, sha256); }
    Result<void> check(const PliId& pli, const std::string& sha256) const override { return read_->check(pli, sha256); }
    Result<void> remove(const PliId& pli, const std::string& sha256) override { return store_.remove(pli, sha256); }
    Result<void> walk(int shard, const Visit& visit) const override { return store_.walk(shard, visit); }

  private:
    vault::Vault& store_;
    std::unique_ptr<vault::Vault> read_;
};

class HubUnderTest final : public vault::VaultUnderTest {
  public:
    explicit HubUnderTest(std::string (*endpoint)(const std::string&)) : endpoint_(endpoint) {}
    // No copies here: who reads through a hub does not hear that a file was erased.
    std::unique_ptr<vault::Vault> open() override {
        return std::make_unique<ReadThroughAHub>(
            mail_.vault(), open_hub_vault(endpoint_(mail_.home("hub")), {mail_.home("reader") + "/cache", 0}));
    }
    void flip_a_bit(const PliId& pli, const std::string& sha256) override { mail_.flip_a_bit(pli, sha256); }

  private:
    StoredMail mail_;
    RunningHub hub_{mail_.home("hub"), nullptr, 0, &mail_.vault()};
    std::string (*endpoint_)(const std::string&);
};

INSTANTIATE_TEST_SUITE_P(
    Hub, VaultConformance,
    testing::Values(Adapter{"work", [] { return std::make_unique<HubUnderTest>(&RunningHub::work); }},
                    Adapter{"desk", [] { return std::make_unique<HubUnderTest>(&RunningHub::desk); }}),
    [](const auto& adapter) { return adapter.param.name; });

}  // namespace
}  // namespace pleiade::hub_vault
