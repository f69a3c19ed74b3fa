#include "tests/faults/caller.h"

#include <fmt/format.h>

#include "common/bus/limits.h"

namespace pleiade::faults {
namespace {

constexpr std::chrono::milliseconds kSayAgainAfter{1'000};

}  // namespace

std::string request_id(std::mt19937_64& random) {
    std::string id(16, '\0');
    for (char& byte : id) byte = static_cast<char>(random());
    return id;
}

void Caller::say(v1::Envelope message) {
    message.set_version(bus::kProtocolVersion);
    message.set_request_id(request_id(world_.random));
    said_ = std::move(message);
    repeat(++turn_);
}

void Caller::say(const google::protobuf::Message& command, const std::string& what) {
    if (life_.empty()) life_ = std::to_string(world_.random());
    v1::Envelope message;
    message.set_type(command.GetDescriptor()->name());
    message.set_body(command.SerializeAsString());
    message.set_idempotency_key(fmt::format("{} {} {}", what, life_, ++commands_));
    say(std::move(message));
}

void Caller::repeat(std::uint64_t turn) {
    if (turn != turn_) return;
    send(said_);
    world_.time.in(kSayAgainAfter, [this, turn] { repeat(turn); });
}

std::string Caller::heard(const v1::Envelope& answer) {
    if (answer.request_id() != said_.request_id() || said_.type().empty()) return {};
    ++turn_;
    return std::exchange(*said_.mutable_type(), {});
}

void Caller::then(std::chrono::milliseconds pause, std::function<void()> go_on) {
    world_.time.in(pause, [this, turn = ++turn_, go_on = std::move(go_on)] {
        if (turn == turn_) go_on();
    });
}

}  // namespace pleiade::faults
