// What keying taught: the letters whose type a person settled, with the type that was proposed. Their words are read
// again from the vault, while the model is made, in memory only: nothing of them is written or logged, and a term of
// theirs enters the model only when several people wrote it (learning.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/hub_address.h"
#include "common/domain/nomenclature.h"
#include "common/vault/vault.h"
#include "common/wire/messages.h"
#include "services/cli/letters/lessons.h"
#include "services/reader/page_reader.h"
#include "services/reader/reader.h"
#include "services/reader/reader_parts.h"

namespace pleiade::cli {

// The hub's queries that are needed; tests answer them from a ledger of their own.
struct LedgerQueries {
    std::function<Result<v1::Events>(const v1::EventsQuery&)> events;
    std::function<Result<v1::PliView>(const v1::PliQuery&)> pli;
};
LedgerQueries queries_of_hub(const HubAddress& desk);

struct KeyedLetter {
    int document = 0;  // its number on the pli
    int first_page = 0;
    std::string type;      // as a person settled it
    std::string proposed;  // as it was read; empty when the document was made by that person
};

struct KeyedPli {
    v1::PliView view;
    std::vector<KeyedLetter> letters;
};

// The latest plis that were keyed, at most kKeyedPlisMax. A pli that was read again since, and is no person's any more,
// is not among them. Errors: those of the hub.
inline constexpr std::size_t kKeyedPlisMax = 5'000;
Result<std::vector<KeyedPli>> keyed_plis(const LedgerQueries& queries);

// Opens a reader that tells what it saw.
using OpenReader = std::function<Result<std::unique_ptr<reader::Reader>>(reader::PagesSeen)>;

// The first pages of those documents that look like letters, a lot each. A pli whose files are missing or altered is
// left out, and counted. Errors: those of `open`.
struct KeyedLessons {
    std::vector<Lesson> lessons;
    int plis_left_out = 0;
};
Result<KeyedLessons> lessons_of_keying(const std::vector<KeyedPli>& plis, const vault::Vault& vault,
                                       const OpenReader& open, const reader::TypageTables& tables,
                                       const Nomenclature& nomenclature);

}  // namespace pleiade::cli
