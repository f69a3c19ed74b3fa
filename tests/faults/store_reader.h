// The bench's own eyes on a store, whichever engine holds it: one moment of it, read-only. Shares no code with the
// ledger, so that a mistake there shows here. Concurrency: a reader belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace pleiade::faults {

struct StorePlace {
    // Meant to convert: the SQLite ledger of a home.
    StorePlace(std::string of) : home(std::move(of)) {}
    StorePlace(std::string of, std::string address) : home(std::move(of)), url(std::move(address)) {}

    std::string home;   // whose vault holds the files
    std::string url{};  // postgresql://...; empty: <home>/ledger/ledger.sqlite
};

class StoreReader {
  public:
    class Row {
      public:
        virtual ~Row() = default;
        virtual std::string text(int column) const = 0;  // bytes as they are; empty for none
        virtual long long integer(int column) const = 0;
    };
    using EachRow = std::function<void(const Row&)>;

    virtual ~StoreReader() = default;
    // Throws std::runtime_error when the store cannot be read.
    virtual void run(const std::string& sql, const EachRow& row) = 0;
    // What the engine itself finds wrong with its files; empty: nothing, or it does not tell.
    virtual std::string damage() = 0;

    long long number(const std::string& sql) {
        long long value = 0;
        run(sql, [&](const Row& row) { value = row.integer(0); });
        return value;
    }
};

// Throws as `run`.
std::unique_ptr<StoreReader> read_store(const StorePlace& place);

}  // namespace pleiade::faults
