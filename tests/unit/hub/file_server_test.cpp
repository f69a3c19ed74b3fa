// Files that a hub hands over: what is held open, what is refused, and who never waits for them.
#include "services/hub/file_server.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <future>

#include "common/base/sha256.h"
#include "common/bus/limits.h"
#include "common/vault/open.h"
#include "tests/unit/hub/running_hub.h"

namespace pleiade::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const PliId kPli("0123456789abcdef0123456789abcdef");

// A vault of a folder whose opening can be held up and is counted.
class SlowVault final : public vault::Vault {
  public:
    explicit SlowVault(const std::string& folder) : store_(vault::open_posix_vault(folder)) {}

    Result<StoredFile> put(const PliId& pli, int fd, const std::string& name) override {
        return store_->put(pli, fd, name);
    }
    Result<int> open(const PliId& pli, const std::string& sha256) const override {
        ++opened;
        gate_.wait();
        return store_->open(pli, sha256);
    }
    Result<void> check(const PliId& pli, const std::string& sha256) const override {
        gate_.wait();
        return store_->check(pli, sha256);
    }
    Result<void> remove(const PliId& pli, const std::string& sha256) override { return store_->remove(pli, sha256); }
    Result<void> walk(int shard, const Visit& visit) const override { return store_->walk(shard, visit); }

    std::string put_bytes(const std::string& bytes, const std::string& folder) {
        test::write_file(folder + "/source", bytes);
        const vault::Fd fd(::open((folder + "/source").c_str(), O_RDONLY | O_CLOEXEC));
        const auto stored = store_->put(kPli, fd.get(), "a.tif");
        EXPECT_TRUE(stored.has_value());
        return stored ? stored->sha256 : "";
    }
    void hold_up() { gate_ = held_up_.get_future().share(); }
    void let_go() { held_up_.set_value(); }

    mutable std::atomic<int> opened{0};

  private:
    static std::shared_future<void> free_gate() {
        std::promise<void> none;
        none.set_value();
        return none.get_future().share();
    }
    std::unique_ptr<vault::Vault> store_;
    std::promise<void> held_up_;
    std::shared_future<void> gate_ = free_gate();
};

class Files : public testing::Test {
  protected:
    std::string put(const std::string& bytes) { return vault_.put_bytes(bytes, folder_.path().string()); }
    static v1::FetchFile chunk_of(const std::string& sha256, std::uint64_t offset = 0, std::uint32_t bytes_max = 4) {
        v1::FetchFile asked;
        asked.set_pli_id(kPli.str());
        asked.set_sha256(sha256);
        asked.set_offset(offset);
        asked.set_bytes_max(bytes_max);
        return asked;
    }
    template <class Message>
    static Letter letter(const Message& message, const std::string& request_id) {
        Letter letter{"reader-1", {}};
        letter.envelope.set_version(bus::kProtocolVersion);
        letter.envelope.set_type(Message::descriptor()->name());
        letter.envelope.set_request_id(request_id);
        letter.envelope.set_body(message.SerializeAsString());
        return letter;
    }
    // So many answers, which the file server owes.
    static std::vector<Letter> answers(Mailbox<Letter>& box, std::size_t count) {
        std::vector<Letter> all;
        while (all.size() < count) {
            pollfd waiting{box.fd(), POLLIN, 0};
            if (::poll(&waiting, 1, 30'000) != 1) break;
            for (auto& letter : box.drain()) all.push_back(std::move(letter));
        }
        EXPECT_EQ(all.size(), count);
        return all;
    }
    static std::string code_of(const v1::Envelope& answer) {
        v1::Refused refused;
        EXPECT_TRUE(refused.ParseFromString(answer.body()));
        return answer.type() == v1::Refused::descriptor()->name() ? refused.code() : answer.type();
    }
    template <class Message>
    v1::Envelope answer_to(FileServer& files, const Message& message) {
        Mailbox<Letter> box;
        EXPECT_FALSE(files.ask(letter(message, "1"), box));
        const auto all = answers(box, 1);
        return all.empty() ? v1::Envelope{} : all[0].envelope;
    }

    test::TemporaryFolder folder_;
    ManualClock clock_;
    SlowVault vault_{folder_ / "vault"};
    FlowCounts counts_;
};

TEST_F(Files, AreGivenInPartsAndCheckedOnce) {
    FileServer files(vault_, clock_, 7, counts_);
    const auto name = put("0123456789");
    std::string got;
    while (got.size() < 10) {
        const auto answer = answer_to(files, chunk_of(name, got.size()));
        v1::FileChunk chunk;
        ASSERT_EQ(answer.type(), v1::FileChunk::descriptor()->name());
        ASSERT_TRUE(chunk.ParseFromString(answer.body()));
        EXPECT_EQ(answer.epoch(), 7u);
        EXPECT_EQ(chunk.total_bytes(), 10u);
        got += chunk.bytes();
    }
    EXPECT_EQ(got, "0123456789");
    EXPECT_EQ(vault_.opened, 1);
    EXPECT_EQ(counts_.files, 1u) << "in however many parts";
    EXPECT_EQ(counts_.file_bytes, 10u);
}

TEST_F(Files, AreGivenInPartsOfALimitedSize) {
    FileServer files(vault_, clock_, 1, counts_);
    const auto name = put(std::string(3 * bus::kChunkBytesMax, 'x'));
    v1::FileChunk chunk;
    ASSERT_TRUE(chunk.ParseFromString(answer_to(files, chunk_of(name, 0, 0xffffffffu)).body()));
    EXPECT_EQ(chunk.bytes().size(), bus::kChunkBytesMax);
}

TEST_F(Files, AreNamedByAnIdAndADigestOnly) {
    FileServer files(vault_, clock_, 1, counts_);
    const auto name = put("page");
    auto elsewhere = chunk_of(name);
    for (const std::string pli : {"", "..", "../../../../../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF"}) {
        elsewhere.set_pli_id(pli);
        EXPECT_EQ(code_of(answer_to(files, elsewhere)), "FILE_NAME_INVALID") << pli;
    }
    EXPECT_EQ(code_of(answer_to(files, chunk_of(name + "0"))), "FILE_NAME_INVALID");
    EXPECT_EQ(code_of(answer_to(files, chunk_of("../" + name.substr(3)))), "FILE_NAME_INVALID");
    v1::CheckFile check;
    check.set_pli_id("..");
    check.set_sha256(name);
    EXPECT_EQ(code_of(answer_to(files, check)), "FILE_NAME_INVALID");
    EXPECT_EQ(vault_.opened, 0);
    EXPECT_EQ(code_of(answer_to(files, chunk_of(sha256_hex("never put")))), "FILE_MISSING");
    EXPECT_EQ(code_of(answer_to(files, chunk_of(name, 5))), "RANGE_INVALID");
    EXPECT_EQ(code_of(answer_to(files, chunk_of(name, 4))), "RANGE_INVALID");
    EXPECT_EQ(code_of(answer_to(files, chunk_of(name, ~std::uint64_t{0}))), "RANGE_INVALID");
    EXPECT_EQ(code_of(answer_to(files, chunk_of(name, 0, 0))), "RANGE_INVALID");
    EXPECT_EQ(counts_.files, 0u);
}

TEST_F(Files, AreRefusedWhenTooManyAreUnderWayAndNeverAnsweredTwice) {
    Mailbox<Letter> box;
    const auto name = put("page");
    vault_.hold_up();
    {
        FileServer files(vault_, clock_, 1, counts_, {.threads = 1, .under_way_max = 3});
        for (const auto* id : {"1", "2", "3"}) EXPECT_FALSE(files.ask(letter(chunk_of(name), id), box)) << id;
        EXPECT_FALSE(files.ask(letter(chunk_of(name), "2"), box)) << "said again";
        const auto refusal = files.ask(letter(chunk_of(name), "4"), box);
        ASSERT_TRUE(refusal);
        EXPECT_EQ(code_of(*refusal), "FILES_BUSY");
        vault_.let_go();
        std::set<std::string> answered;
        for (const auto& answer : answers(box, 3)) answered.insert(answer.envelope.request_id());
        EXPECT_EQ(answered, (std::set<std::string>{"1", "2", "3"}));
        EXPECT_FALSE(files.ask(letter(chunk_of(name), "4"), box)) << "there is room again";
        EXPECT_EQ(code_of(answers(box, 1).at(0).envelope), "FileChunk");
    }
    EXPECT_TRUE(box.drain().empty());
}

// An answer that nobody sends holds its place: what the thread at the socket cannot send is not read either.
TEST_F(Files, CountThoseThatAreNotSentYet) {
    Mailbox<Letter> box;
    FileServer files(vault_, clock_, 1, counts_, {.threads = 1, .under_way_max = 1});
    const auto name = put("page");
    EXPECT_FALSE(files.ask(letter(chunk_of(name), "1"), box));
    pollfd waiting{box.fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 30'000), 1);
    EXPECT_TRUE(files.ask(letter(chunk_of(name), "2"), box));
    EXPECT_EQ(box.drain().size(), 1u);
}

TEST_F(Files, AreHeldForAMoment) {
    HeldFiles held(vault_, clock_);
    const auto name = put("page");
    const auto first = held.open(kPli, name);
    ASSERT_TRUE(first);
    clock_.advance(HeldFiles::kHeldFor);
    held.let_go();
    EXPECT_EQ((*held.open(kPli, name)).get(), first->get());
    EXPECT_EQ(vault_.opened, 1);
    clock_.advance(HeldFiles::kHeldFor + milliseconds{1});
    held.let_go();
    EXPECT_EQ(held.count(), 0u);
    EXPECT_TRUE(held.open(kPli, name));
    EXPECT_EQ(vault_.opened, 2);
}

TEST_F(Files, AreNotHeldOnceErasedOrRestored) {
    HeldFiles held(vault_, clock_);
    const auto name = put("page");
    ASSERT_TRUE(held.open(kPli, name));
    ASSERT_TRUE(vault_.remove(kPli, name));
    EXPECT_EQ(held.open(kPli, name).error().code, "FILE_MISSING");
    put("page");
    EXPECT_TRUE(held.open(kPli, name));
}

TEST_F(Files, AreHeldInALimitedNumber) {
    HeldFiles held(vault_, clock_);
    const auto first = put("file 0");
    ASSERT_TRUE(held.open(kPli, first));
    for (std::size_t i = 1; i <= HeldFiles::kFilesMax; ++i) {
        clock_.advance(milliseconds{1});
        ASSERT_TRUE(held.open(kPli, put("file " + std::to_string(i))));
    }
    EXPECT_EQ(held.count(), HeldFiles::kFilesMax);
    const int before = vault_.opened;
    ASSERT_TRUE(held.open(kPli, first));
    EXPECT_EQ(vault_.opened, before + 1) << "the one least recently asked for had gone";
}

// A disk that hangs, or a store that is far: leases, results and the desk go on.
TEST_F(Files, KeepNobodyElseWaiting) {
    const auto name = put("page");
    vault_.hold_up();
    std::vector<std::thread> readers;
    {
        RunningHub hub(folder_.path().string(), nullptr, 0, &vault_);
        for (const auto& endpoint : {RunningHub::work(folder_.path()), RunningHub::desk(folder_.path())}) {
            readers.emplace_back([&, endpoint] {
                bus::Client client(endpoint);
                const auto chunk = client.ask<v1::FileChunk>(chunk_of(name), {.patience = seconds(60)});
                EXPECT_TRUE(chunk && chunk->bytes() == "page");
            });
        }
        while (vault_.opened < 2) std::this_thread::sleep_for(milliseconds{1});
        bus::Client scanner(RunningHub::work(folder_.path()));
        bus::Client service(RunningHub::desk(folder_.path()));
        for (int i = 0; i < 20; ++i) {
            const auto rank = std::to_string(i);
            EXPECT_TRUE(scanner.ask<v1::Registered>(pli_of("L", rank), with_key(key_of("L", rank))));
        }
        EXPECT_EQ(service.ask<v1::Status>(v1::StatusQuery{})->plis_received(), 20);
        vault_.let_go();
        for (auto& reader : readers) reader.join();
    }
}

TEST_F(Files, AreNotKnownToAHubThatIsGivenNone) {
    const RunningHub hub(folder_.path().string());
    bus::Client client(RunningHub::work(folder_.path()));
    EXPECT_EQ(client.ask<v1::FileChunk>(chunk_of(put("page"))).error().code, "UNKNOWN_TYPE");
}

}  // namespace
}  // namespace pleiade::hub
