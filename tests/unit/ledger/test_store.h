// A store of the conformance suite, on either engine: made anew for each test, and open to whoever wants to do it harm.
#pragma once

#include <memory>
#include <string>

namespace pleiade::ledger {

enum class Engine { Sqlite, Postgres };
std::string name_of(Engine engine);

class TestStore {
  public:
    virtual ~TestStore() = default;
    virtual std::string url() const = 0;
    // As somebody with the database's own tools, whom no constraint stops. False: nothing was changed.
    virtual bool tamper(const std::string& sql) = 0;
    // As a program that does not know better: what it writes is refused by a constraint.
    virtual bool refuses(const std::string& sql) = 0;
    // Remembers the store as it stands; puts it back. Nobody has it open meanwhile.
    virtual void keep() = 0;
    virtual void put_back() = 0;
    // As a newer program would have left it.
    virtual void say_schema(int schema) = 0;
};

// `folder`: of the ledger. Null when the engine is not installed.
std::unique_ptr<TestStore> make_test_store(Engine engine, const std::string& folder);

}  // namespace pleiade::ledger
