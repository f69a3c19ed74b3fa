// The whole chain over an S3 vault and readers that follow the mail: what is dropped reaches its queues, its files are
// in the store and nowhere else, and a store that is killed and comes back loses nothing.
#include <fmt/format.h>

#include <thread>

#include "common/vault/s3/s3_client.h"
#include "tests/accept/checks.h"
#include "tests/accept/installation.h"
#include "tests/support/s3/s3_server.h"

namespace pleiade::accept {
namespace fs = std::filesystem;
namespace {

int files_in(const fs::path& folder) {
    std::error_code error;
    int files = 0;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        files += it->is_regular_file() ? 1 : 0;
    }
    return files;
}

int objects_in(const vault::S3Options& options) {
    vault::S3Client client(options);
    int objects = 0;
    std::string from;
    do {
        const auto listing = client.list(options.prefix, from);
        if (!listing) return -1;
        objects += static_cast<int>(listing->keys.size());
        from = listing->next;
    } while (!from.empty());
    return objects;
}

}  // namespace

bool s3(const Options& options) {
    if (!test::S3Server::available()) {
        fmt::print("SKIPPED: no python3-swift here\n");
        return true;
    }
    const test::TemporaryFolder keys;
    test::write_file(keys.path() / "s3-key",
                     fmt::format("{}\n{}\n", test::S3Server::kAccessKey, test::S3Server::kSecretKey));
    test::S3Server server;
    const auto store = server.options("mail");
    Installation installation(options, fmt::format("[vault]\nurl = \"s3://{}/mail?endpoint={}&keyfile={}\"\n[hub]\n",
                                                   store.bucket, store.endpoint, keys / "s3-key"));
    if (!installation.draw_mail(options.plis)) return figure("mail drawn", "no", "yes", false);
    installation.start(kReadersAuto);
    installation.drop_lots_until(0.5);
    std::this_thread::sleep_for(std::chrono::seconds(4));
    server.kill();
    installation.drop_lots_until(1);
    std::this_thread::sleep_for(std::chrono::seconds(6));
    server.start();
    const auto status = installation.wait_until_idle(std::chrono::seconds(900));
    if (!status) return figure("all mail is routed", "no", "yes", false);
    const int objects = objects_in(store);
    bool good = figure("documents in queues or to key", std::to_string(status->queued() + status->to_key()), "> 0",
                       status->queued() > 0);
    good &=
        figure("plis in quarantine", std::to_string(status->plis_quarantined()), "0", status->plis_quarantined() == 0);
    good &= figure("files in the store", std::to_string(objects), "one a pli at least",
                   objects >= status->plis_registered() && status->plis_registered() > 0);
    const int local = files_in(installation.home() / "vault");
    good &= figure("files in the vault's folder", std::to_string(local), "0", local == 0);
    const auto differences = status->difference_plis() + status->difference_documents() + status->difference_pages();
    good &= figure("differences of the equations", std::to_string(differences), "0", differences == 0);
    const int stopped = installation.stop();
    good &= figure("everybody stops", std::to_string(stopped), "0", stopped == 0);
    const int verified = installation.verify();
    good &= figure("verify, every file read from the store", std::to_string(verified), "0", verified == 0);
    return good;
}

}  // namespace pleiade::accept
