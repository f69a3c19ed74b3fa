// The two references that a form prints of itself: its Cerfa number and its S-reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pleiade {

// "N° 10170*07" is a form, "50069#04" a notice. The star is often lost or misread: five digits near «cerfa» then count.
struct CerfaNumber {
    std::string number;          // five digits
    std::optional<int> version;  // 7 in 10170*07
    bool notice = false;
    bool operator==(const CerfaNumber&) const = default;
};
// `text`: the number alone, a leading «cerfa» or «n°» allowed.
std::optional<CerfaNumber> parse_cerfa(std::string_view text);

// S3138c: "S", four digits, the letter of the version (a to k).
struct SReference {
    std::string number;  // "S3138"
    char version = 0;    // 'c'; 0 when none is printed
    bool operator==(const SReference&) const = default;
};
std::optional<SReference> parse_s_reference(std::string_view text);

}  // namespace pleiade
