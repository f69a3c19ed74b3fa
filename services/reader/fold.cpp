#include "services/reader/fold.h"

#include "common/domain/text_fold.h"

namespace pleiade::reader {

std::string plain_words(std::string_view utf8) {
    std::string words;
    bool gap = false;
    for (const char c : folded(utf8)) {
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            gap = true;
            continue;
        }
        if (gap && !words.empty()) words += ' ';
        gap = false;
        words += c;
    }
    return words;
}

}  // namespace pleiade::reader
