// Turns a reading into one decision per document: processing caisse, service, copies, priority, due date and rule, or
// keying when the evidence is too weak. Pure once its plan is loaded; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/beneficiaries.h"
#include "common/domain/nomenclature.h"
#include "common/domain/pli.h"
#include "common/domain/reading.h"

namespace pleiade::router {

class Router {
  public:
    // Loads and validates every table of the folder (deploy/config). Errors: CONFIG_INVALID with file, line, column.
    // `beneficiaries`: the register of the installation, when it has one.
    static Result<std::unique_ptr<Router>> open(const std::string& config_folder,
                                                std::shared_ptr<const Beneficiaries> beneficiaries = nullptr);
    virtual ~Router() = default;

    virtual std::vector<Decision> route(const PliContext& context, const Reading& reading) const = 0;
    virtual const Nomenclature& nomenclature() const = 0;
    // The plan's version, recorded with each decision.
    virtual const std::string& version() const = 0;
    // One sentence per table that was loaded, for `pleiade router check`.
    virtual std::vector<std::string> summary() const = 0;
};

}  // namespace pleiade::router
