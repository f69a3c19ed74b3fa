// The text of a rectangle that a keyer draws on a page.
//
// A port because tests have no vault and no OCR, and make both fail. Production: sandboxed_texts.
// Concurrency: called from several threads, blocks while the text is read.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/domain/reading.h"
#include "common/vault/vault.h"
#include "common/vision/decode.h"

namespace pleiade::gateway {

struct RectangleRequest {
    PliId pli;
    std::string sha256;  // of the stored file
    int index = 0;       // image in it, 0-based
    Box box;             // pixels of the page as scanned
    int rotation = 0;    // degrees clockwise to read it upright
    bool digits = false;
};

struct RectangleText {
    std::string text;  // lines apart by \n
    double confidence = 0;
};

class RectangleTexts {
  public:
    virtual ~RectangleTexts() = default;
    // Errors: those of the vault and of the decoder, OCR_FAILED (Invalid), OCR_UNAVAILABLE (Unavailable).
    virtual Result<RectangleText> read(const RectangleRequest& request) = 0;
};

// The page is decoded in the decoder's sandbox; what is cut out of it goes, as bare grey pixels, to `program`
// (`pleiade ocr`), a process of its own with a limit of time.
std::unique_ptr<RectangleTexts> sandboxed_texts(const vault::Vault& vault, const vision::DecodeLimits& limits,
                                                std::string program);

}  // namespace pleiade::gateway
