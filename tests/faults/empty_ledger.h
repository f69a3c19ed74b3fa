// The bytes of an empty ledger's file, made once per process: a thousand worlds need not each run the migrations.
#pragma once

#include <string>

namespace pleiade::faults {

const std::string& empty_ledger();

}  // namespace pleiade::faults
