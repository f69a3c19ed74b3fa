#include "services/hub/file_server.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/bus/limits.h"
#include "common/runtime/log.h"
#include "common/vault/file_copy.h"
#include "common/vault/layout.h"
#include "services/hub/answers.h"

namespace pleiade::hub {
namespace {

constexpr std::chrono::milliseconds kLookEvery{1'000};  // whether files may be closed

// What is not a name of a file never becomes a part of a path.
template <class Message>
Result<void> check_name(const Message& asked) {
    if (vault::is_pli_id(asked.pli_id()) && is_sha256_hex(asked.sha256())) return {};
    return invalid("FILE_NAME_INVALID", "a stored file is named by a pli's id and a SHA-256");
}

void say_if_altered(const Error& error, const std::string& pli, const std::string& sha256) {
    if (error.code != "FILE_ALTERED") return;
    runtime::log_error("a stored file was altered", {{"pleiade.pli", pli}, {"pleiade.file", sha256}});
}

Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size_bytes) {
    if (const int error = PLEIADE_FAILPOINT("hub.before_chunk"); error > 0) {
        errno = error;
        return vault::io_error("reading a file of the vault");
    }
    std::string bytes(size_bytes, '\0');
    for (std::size_t got = 0; got < size_bytes;) {
        const auto more = ::pread(fd, bytes.data() + got, size_bytes - got, static_cast<off_t>(offset + got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return vault::io_error("reading a file of the vault");
        if (more == 0) return invalid("FILE_ALTERED", "a file of the vault was cut short while it was read");
        got += static_cast<std::size_t>(more);
    }
    return bytes;
}

}  // namespace

FileServer::FileServer(const vault::Vault& vault, const Clock& clock, std::uint64_t epoch, FlowCounts& counts,
                       FileServerOptions options)
    : vault_(vault), epoch_(epoch), counts_(counts), options_(options), files_(vault, clock) {
    for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
}

FileServer::~FileServer() {
    {
        const std::scoped_lock lock(mutex_);
        stop_ = true;
    }
    woken_.notify_all();
    for (auto& thread : threads_) thread.join();
}

const std::vector<std::string>& FileServer::types() {
    static const std::vector<std::string> all = {v1::FetchFile::descriptor()->name(),
                                                 v1::CheckFile::descriptor()->name()};
    return all;
}

bool FileServer::knows(const std::string& type) {
    return std::ranges::find(types(), type) != types().end();
}

std::optional<v1::Envelope> FileServer::ask(Letter request, Mailbox<Letter>& answers) {
    const std::scoped_lock lock(mutex_);
    const Key key{request.peer, request.envelope.request_id()};
    if (under_way_.contains(key)) return std::nullopt;
    if (under_way_.size() + answers.size() >= options_.under_way_max) {
        const Error busy{ErrorKind::Unavailable, "FILES_BUSY",
                         "this hub hands over as many files as it can; ask again"};
        return refuse(request.envelope, busy, epoch_);
    }
    under_way_.insert(key);
    waiting_.push_back({std::move(request), &answers});
    woken_.notify_one();
    return std::nullopt;
}

std::optional<FileServer::Asked> FileServer::next() {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, kLookEvery, [this] { return stop_ || !waiting_.empty(); });
    if (stop_ || waiting_.empty()) return std::nullopt;
    auto asked = std::move(waiting_.front());
    waiting_.pop_front();
    return asked;
}

void FileServer::run() {
    while (true) {
        auto asked = next();
        if (!asked) {
            const std::scoped_lock lock(mutex_);
            if (stop_) return;
        }
        files_.let_go();
        if (!asked) continue;
        auto& [peer, request, unused] = asked->letter;
        Letter letter{peer, answer(request)};
        // Put before it is forgotten: what is under way is never more than the limit.
        const std::scoped_lock lock(mutex_);
        asked->answers->put(std::move(letter));
        under_way_.erase({peer, request.request_id()});
    }
}

v1::Envelope FileServer::answer(const v1::Envelope& request) {
    if (const auto version = check_version(request); !version) return refuse(request, version.error(), epoch_);
    if (request.type() == v1::FetchFile::descriptor()->name()) {
        const auto asked = parse_body<v1::FetchFile>(request);
        return asked ? answer_or_refuse(request, chunk(*asked), epoch_) : refuse(request, asked.error(), epoch_);
    }
    const auto asked = parse_body<v1::CheckFile>(request);
    return asked ? answer_or_refuse(request, check(*asked), epoch_) : refuse(request, asked.error(), epoch_);
}

Result<v1::FileChunk> FileServer::chunk(const v1::FetchFile& asked) {
    if (auto named = check_name(asked); !named) return pass_on(named);
    const PliId pli(asked.pli_id());
    const auto file = files_.open(pli, asked.sha256());
    if (!file) {
        say_if_altered(file.error(), asked.pli_id(), asked.sha256());
        return pass_on(file);
    }
    const auto total = (*file)->total_bytes;
    const bool beyond = asked.offset() > total || (asked.offset() == total && total > 0);
    if (beyond || asked.bytes_max() == 0) {
        return invalid("RANGE_INVALID", "that part of the file does not exist");
    }
    const auto wanted = std::min<std::uint64_t>({asked.bytes_max(), bus::kChunkBytesMax, total - asked.offset()});
    auto bytes = read_at((*file)->fd.get(), asked.offset(), wanted);
    if (!bytes) {
        say_if_altered(bytes.error(), asked.pli_id(), asked.sha256());
        files_.forget(pli, asked.sha256());
        return pass_on(bytes);
    }
    counts_.file_bytes += bytes->size();
    if (asked.offset() + bytes->size() == total) ++counts_.files;
    v1::FileChunk chunk;
    chunk.set_bytes(std::move(*bytes));
    chunk.set_total_bytes(total);
    return chunk;
}

Result<v1::Ok> FileServer::check(const v1::CheckFile& asked) {
    if (auto named = check_name(asked); !named) return pass_on(named);
    const auto checked = vault_.check(PliId(asked.pli_id()), asked.sha256());
    if (checked) return v1::Ok{};
    say_if_altered(checked.error(), asked.pli_id(), asked.sha256());
    return pass_on(checked);
}

}  // namespace pleiade::hub
