// A 2D-Doc code taken apart: head, data, what was signed, signature. Nothing is believed here: seal.h says whether the
// signature holds, claims.h what the data say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/reader/two_d_doc/header.h"
#include "services/reader/two_d_doc/tables.h"

namespace pleiade::reader::two_d_doc {

inline constexpr std::size_t kTextBytesMax = 4096;  // the largest DataMatrix holds 2 335 characters
inline constexpr std::size_t kValuesMax = 128;

struct Value {
    std::string id;
    std::string text;
    bool truncated = false;  // its issuer had to cut it
};

struct Document {
    Header header;
    std::vector<Value> values;  // of ids that the table has, in order
    std::string signed_text;    // head and data
    std::string signature;      // bytes, r then s; empty: none, or lost on the way (version 1 writes it as bytes)
    bool torn = false;          // some data could not be told apart: an id that the table has not, a length that is off
    bool annexed = false;       // something unsigned follows the signature; it is not read

    // Nothing when there is none, when it was cut, or when it stands there twice with two contents.
    std::optional<std::string> value(std::string_view id) const;
};

// `text`: the code's, with its separators (GS 1D, RS 1E, US 1F). Pure. Errors (Invalid): those of parse_header,
// TWO_D_DOC_TOO_LARGE, TWO_D_DOC_SIGNATURE when what stands where the signature does is none.
Result<Document> parse(std::string_view text, const DataTable& table);

}  // namespace pleiade::reader::two_d_doc
