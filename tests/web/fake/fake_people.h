// Accounts and sessions of the fake desk: signs in whoever a test names, remembers which pages were seen. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/wire/messages.h"

namespace pleiade::gateway::fake {

class FakePeople {
  public:
    // With every role and right, of the services that tests use.
    static v1::Account anybody(const std::string& name);

    void add(const v1::Account& account, const std::string& password = "");
    // A cookie's value, of a session that is open.
    std::string sign_in(const v1::Account& account);
    // A bearer key of this service.
    std::string make_key(const std::string& caisse, const std::string& service);
    std::vector<v1::PageView> views() const;
    void fail_views(std::optional<Error> error);

    // Nothing: not a question about people.
    std::optional<Result<v1::Envelope>> answer(const std::string& type, const std::string& body);

  private:
    Result<v1::Envelope> session(const std::string& id_hash) const;

    mutable std::mutex mutex_;  // protects everything below
    std::map<std::string, v1::Credential> accounts_;
    std::map<std::string, v1::SessionView> sessions_;  // by digest
    std::map<std::string, v1::ApiKey> keys_;           // by digest
    std::vector<v1::PageView> views_;
    std::optional<Error> views_error_;
};

}  // namespace pleiade::gateway::fake
