// Who may enter over tcp://: ZeroMQ asks here about each handshake (RFC 27, ZAP). Private to this folder.
//
// Operation: a server opens a domain with its list and its record of refusals, and binds under the name that it gets.
// A key that is not in the list, or was revoked, is refused before one byte of a message is read; one that is let in
// is the `User-Id` of each of its messages. What asks by another mechanism than CURVE is refused.
// Concurrency: any thread opens and closes; one thread of this process answers, as ZeroMQ allows one per context.
#pragma once

#include <memory>
#include <string>

#include "common/bus/allowed_keys.h"
#include "common/bus/refusals.h"

namespace pleiade::bus {

class ZapDomain {
  public:
    ZapDomain(std::shared_ptr<AllowedKeys> allowed, std::shared_ptr<Refusals> refusals);
    ~ZapDomain();
    ZapDomain(const ZapDomain&) = delete;
    ZapDomain& operator=(const ZapDomain&) = delete;

    const std::string& name() const { return name_; }

  private:
    const std::string name_;
};

}  // namespace pleiade::bus
