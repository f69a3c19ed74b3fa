// What ingest asks of the hub. A port because tests must make the hub absent, slow or forgetful on demand; production
// has the bus (bus_registrar.h).
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/wire/messages.h"

namespace pleiade::ingest {

// Each answer comes after the hub's commit. Errors: Unavailable (say it again later), Conflict (REJ_DUPLICATE_LOT,
// ALREADY_REGISTERED), Invalid (the two programs do not understand each other).
class Registrar {
  public:
    virtual ~Registrar() = default;
    virtual Result<v1::LotOpened> open_lot(const v1::OpenLot& lot, const std::string& key) = 0;
    virtual Result<v1::Registered> register_pli(const v1::Register& pli, const std::string& key) = 0;
    virtual Result<v1::Rejected> reject(const v1::Reject& rejection, const std::string& key) = 0;
    // Whether the hub answers at all: asked before a lot is opened, since opening it costs a decode of every file.
    virtual bool reachable() = 0;
};

}  // namespace pleiade::ingest
