#include "common/wire/error_kind.h"

namespace pleiade::wire {

const char* word_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Invalid:
            return "invalid";
        case ErrorKind::Unavailable:
            return "unavailable";
        case ErrorKind::Conflict:
            return "conflict";
        case ErrorKind::NotFound:
            return "not_found";
    }
    return "invalid";
}

ErrorKind error_kind_of(std::string_view word) {
    for (const ErrorKind kind : {ErrorKind::Unavailable, ErrorKind::Conflict, ErrorKind::NotFound}) {
        if (word == word_of(kind)) return kind;
    }
    return ErrorKind::Invalid;
}

}  // namespace pleiade::wire
