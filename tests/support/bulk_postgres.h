// A ledger on PostgreSQL made many times its size by the server itself, in one transaction: each row of a pli, a lot, a
// document or a delivery is copied under new numbers, names and dates.
//
// Operation: columns are found by their names, as in bulk_store.h. The journal is not copied: it ends where it did, so
// that `pleiade verify` would find plis without a history; all that leases, results and queues are found by is there.
// Rows go in without indexes, which are made at the end; then the planner is told what there is.
// Limits: nobody else has the ledger open; the user is the server's owner. Ten million plis are 28 GB, and with
// wal_level=minimal no more than that is written.
#pragma once

#include <cstdint>
#include <string>

namespace pleiade::test {

// How many plis there are then. Throws std::runtime_error with the server's message.
std::int64_t multiply_store(const std::string& url, int times);

}  // namespace pleiade::test
