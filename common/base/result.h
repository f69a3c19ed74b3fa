// The outcome of anything that can go wrong for a letter: a value, never an exception.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace pleiade {

// What the caller can do about it, which is all that it needs to know to decide.
enum class ErrorKind {
    Invalid,      // the input is at fault: park it for a person, retrying is useless
    Unavailable,  // something around us is at fault: keep the work and retry
    Conflict,     // already done, differently, or by somebody else
    NotFound,     // no such thing
};

struct Error {
    ErrorKind kind = ErrorKind::Invalid;
    std::string code;     // stable, for programs: "REJ_FILE_TRUNCATED", "LEASE_STALE"...
    std::string message;  // one sentence for a person, with what to do; never a NIR, a name or document text
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message) {
    return tl::unexpected<Error>(Error{kind, std::move(code), std::move(message)});
}
[[nodiscard]] inline tl::unexpected<Error> invalid(std::string code, std::string message) {
    return fail(ErrorKind::Invalid, std::move(code), std::move(message));
}
[[nodiscard]] inline tl::unexpected<Error> unavailable(std::string code, std::string message) {
    return fail(ErrorKind::Unavailable, std::move(code), std::move(message));
}
[[nodiscard]] inline tl::unexpected<Error> conflict(std::string code, std::string message) {
    return fail(ErrorKind::Conflict, std::move(code), std::move(message));
}
[[nodiscard]] inline tl::unexpected<Error> not_found(std::string code, std::string message) {
    return fail(ErrorKind::NotFound, std::move(code), std::move(message));
}
// Passes an error on from a Result of another type.
template <class T>
[[nodiscard]] tl::unexpected<Error> pass_on(const Result<T>& failed) {
    return tl::unexpected<Error>(failed.error());
}

}  // namespace pleiade
