// fake_gateway [--port N] [--config DIR] [--away] [--oidc ISSUER CLIENT SECRET]: the real gateway and its page over
// invented mail, to look at the screens and to test them without the chain. Sign in as demo, password "demonstration".
// Prints its address, serves until its standard input ends.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "common/runtime/log.h"
#include "services/gateway/gateway.h"
#include "services/gateway/oidc/provider.h"
#include "tests/web/fake/fake_desk.h"
#include "tests/web/fake_gateway/day.h"
#include "tests/web/fake_gateway/page_artist.h"

namespace {

using namespace pleiade;
using namespace pleiade::gateway;

class NoBinder final : public Binder {
  public:
    Result<std::string> bind(const PliId&, const std::vector<BoundPage>&, const std::string&) override {
        return unavailable("BINDER_UNAVAILABLE", "the fake gateway binds no PDF");
    }
};

// A movement every two seconds, so that the live page has something to show.
void live(fake::FakeDesk& desk, const std::atomic<bool>& stop) {
    for (int i = 0; !stop; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        if (i % 4 != 3) continue;
        v1::Take take;
        take.set_caisse("595");
        take.set_service("FSP");
        take.set_count(1);
        take.set_by("fsp-595");
        const auto taken = desk.take(take, "");
        if (!taken || taken->documents().empty()) continue;
        v1::Acknowledge receipt;
        receipt.set_document(taken->documents(0).row().id());
        receipt.set_by("fsp-595");
        receipt.set_fence(taken->documents(0).fence());
        (void)desk.acknowledge(receipt, "");
    }
}

}  // namespace

int main(int argc, char** argv) {
    GatewayOptions options;
    std::string config = "deploy/config";
    fake::FakeDesk desk;
    oidc::Settings identity;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--port" && i + 1 < argc) options.port = static_cast<std::uint16_t>(std::atoi(argv[++i]));
        if (word == "--config" && i + 1 < argc) config = argv[++i];
        if (word == "--oidc" && i + 3 < argc) {
            identity.issuer = argv[++i];
            identity.client_id = argv[++i];
            identity.client_secret = argv[++i];
        }
        if (word == "--away") desk.fail_with(Error{ErrorKind::Unavailable, "HUB_UNREACHABLE", "told to be away"});
    }
    runtime::log_open("fake-gateway", "warning");
    const auto reference = Reference::load(config);
    if (!reference) {
        fmt::print(stderr, "{}\n", reference.error().message);
        return EXIT_FAILURE;
    }
    const auto documents = fake::invented_documents();
    fake::PageArtist images(*reference);
    for (const auto& document : documents) images.know(document);
    fake::fill_desk(desk, documents);
    desk.people.add(fake::FakePeople::anybody("demo"), "demonstration");
    NoBinder binder;
    // Somebody whom the identity provider knows, who has a code for her second factor.
    auto jeanne = fake::FakePeople::anybody("jeanne");
    jeanne.set_subject("jeanne-idp");
    desk.people.add(jeanne);
    identity.redirect_uri = "http://127.0.0.1:" + std::to_string(options.port) + "/api/v1/oidc/callback";
    oidc::Provider provider(identity);
    if (!identity.issuer.empty()) options.access.provider = &provider;
    const auto gateway = Gateway::start(options, desk, images, binder, *reference);
    if (!gateway) {
        fmt::print(stderr, "{}\n", gateway.error().message);
        return EXIT_FAILURE;
    }
    fmt::print("http://127.0.0.1:{}\n", (*gateway)->port());
    std::fflush(stdout);
    std::atomic<bool> stop{false};
    std::thread mover([&] { live(desk, stop); });
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    stop = true;
    mover.join();
    return EXIT_SUCCESS;
}
