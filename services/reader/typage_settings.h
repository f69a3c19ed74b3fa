// The numbers of typage that are not rows of evidence: deploy/config/typage.toml.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/reader/certainty.h"

namespace pleiade::reader {

struct TypageSettings {
    std::string version;
    double unknown_prior = 4;                                   // log-odds that a type must beat to be named at all
    double cerfa_weight = 9;                                    // a form's own number
    double s_ref_weight = 6;                                    // a form's own S-reference
    double form_weight = 12;                                    // a registered form, recognised with score 1
    double unknown_form_weight = 10;                            // a form number that the nomenclature does not have
    double text_total_max = 8;                                  // what phrases of the body may bring together
    double named_min = 0.5;                                     // below that confidence the type is UNKNOWN
    double certain_min = 0.97;                                  // from that confidence on the reader is certain
    std::map<std::string, double, std::less<>> certain_min_of;  // per type
    CertaintyCurve curve;                                       // what the confidence of a type is worth

    // Takes the curve, and each threshold that asks for more.
    void take(const Certainty& certainty);
    double certain_min_for(const std::string& type) const;

    // Errors: CONFIG_INVALID with file, line and column; an unknown key or type is one.
    static Result<TypageSettings> parse(std::string_view toml, const std::string& file_name, const Nomenclature&);
};

}  // namespace pleiade::reader
