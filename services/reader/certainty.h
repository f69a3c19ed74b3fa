// What a stated probability is worth, and from which one on nobody looks: deploy/config/certainty.toml, which
// `pleiade calibrate` writes from mail whose truth is known. Without that file what is stated is taken as it is.
//
// The curve of types only ever lowers: on it hangs whether anybody looks, and samples that held no mistake do not prove
// that there is none. A field's confidence decides nothing any more (its status does): it may be corrected both ways.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "common/domain/reading.h"

namespace pleiade::reader {

// Platt's curve: straight in log-odds.
struct CertaintyCurve {
    double slope = 1;
    double offset = 0;

    double operator()(double stated) const;     // -> how often it is right
    double stated_for(double certainty) const;  // the other way
    bool as_stated() const { return slope == 1 && offset == 0; }
};

struct Certainty {
    std::string version;
    CertaintyCurve type;                                        // slope above 0 and at most 1, offset at most 0
    std::map<std::string, CertaintyCurve, std::less<>> fields;  // by name; slope above 0 and at most 5
    std::map<std::string, double, std::less<>> certain_min_of;  // per type; prevails over typage.toml where higher

    double of_field(const std::string& name, double stated) const;

    // Errors: CONFIG_INVALID with file, line and column.
    static Result<Certainty> parse(std::string_view toml, const std::string& file_name, const Nomenclature&);
    std::string to_toml() const;
};

}  // namespace pleiade::reader
