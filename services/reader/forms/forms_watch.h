// The registered forms of a running reader: read at the start, and again when their folder changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/reader/forms/recogniser.h"

namespace pleiade::reader::forms {

// Concurrency: belongs to one thread. Limits: the folder is looked at once in kLookEvery; a folder with a mistake
// changes nothing until it is mended.
class FormsWatch {
  public:
    static constexpr std::chrono::seconds kLookEvery{5};

    // An empty path or a folder that is not there: no forms, until there are. Error: CONFIG_INVALID, the first mistake.
    static Result<std::unique_ptr<FormsWatch>> open(std::string folder, const Nomenclature& nomenclature);

    // Never null. To be asked between two plis: what it gave before is then gone.
    Recogniser& current(std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
    // The mistake that keeps a changed folder from being taken up; given once.
    std::optional<Error> take_error();

  private:
    FormsWatch(std::string folder, const Nomenclature& nomenclature)
        : folder_(std::move(folder)), nomenclature_(nomenclature) {}
    Result<void> load();

    std::string folder_;
    const Nomenclature& nomenclature_;
    std::uint64_t state_ = 0;
    std::chrono::steady_clock::time_point looked_{};
    std::unique_ptr<Recogniser> recogniser_;
    std::optional<Error> error_;
};

}  // namespace pleiade::reader::forms
