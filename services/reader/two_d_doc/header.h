// The head of a 2D-Doc code: who signed what kind of document, and when.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/domain/identifiers/date_text.h"

namespace pleiade::reader::two_d_doc {

inline constexpr std::string_view kAntsPerimeter = "01";  // the field and type tables are those of this perimeter

struct Header {
    int version = 0;          // 1 to 4
    std::string authority;    // who certified the key: "FR03"
    std::string certificate;  // which of its keys: "AV01"
    std::optional<CivilDate> issued, signed_on;
    std::string type;       // two characters, of the perimeter
    std::string perimeter;  // "01" before version 3, which had no other
    std::string country;    // from version 4 on
    std::size_t size = 0;   // characters that it takes
};

// Whether a code means to be a 2D-Doc, in the writing that its text form has.
bool is_two_d_doc(std::string_view text);

// Errors (Invalid): TWO_D_DOC_VERSION for a version that is not documented, TWO_D_DOC_HEADER for one that is cut or
// malformed.
Result<Header> parse_header(std::string_view text);

}  // namespace pleiade::reader::two_d_doc
