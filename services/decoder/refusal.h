// Why a file is not read, in the contract's codes. It ends the decoder: main() turns it into the verdict record.
#pragma once

#include <stdexcept>
#include <string>

namespace pleiade::decoder {

class Refusal : public std::runtime_error {
  public:
    // `message` is shown to people: what is wrong and where, never text of the document.
    Refusal(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
    const char* code() const { return code_; }

  private:
    const char* code_;
};

inline constexpr const char* kUnknown = "REJ_FORMAT_UNKNOWN";
inline constexpr const char* kEmpty = "REJ_FILE_EMPTY";
inline constexpr const char* kTruncated = "REJ_FILE_TRUNCATED";
inline constexpr const char* kCorrupt = "REJ_FILE_CORRUPT";
inline constexpr const char* kEncrypted = "REJ_FILE_ENCRYPTED";
inline constexpr const char* kTooLarge = "REJ_TOO_LARGE";
inline constexpr const char* kLimit = "REJ_DECODER_LIMIT";

}  // namespace pleiade::decoder
