// The JSON body of a request, read key by key; the first thing that is wrong becomes the problem.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/gateway/http/message.h"

namespace pleiade::gateway {

// One object of the body. Cheap to copy; lives no longer than the Body that it is part of.
class BodyPart {
  public:
    // 1 to `bytes_max` bytes of UTF-8 without control characters; empty when absent and not required.
    std::string text(std::string_view key, std::size_t bytes_max, bool required = true) const;
    std::int64_t number(std::string_view key, std::int64_t low, std::int64_t high,
                        std::optional<std::int64_t> otherwise = std::nullopt) const;
    bool boolean(std::string_view key, bool otherwise = false) const;
    bool boolean_required(std::string_view key) const;
    bool has(std::string_view key) const { return object_->contains(key); }
    // Each like `text`; none when absent.
    std::vector<std::string> texts(std::string_view key, std::size_t items_max, std::size_t bytes_max) const;
    std::vector<int> numbers(std::string_view key, std::size_t items_max, std::int64_t low, std::int64_t high) const;
    std::vector<BodyPart> parts(std::string_view key, std::size_t items_max,
                                std::initializer_list<std::string_view> keys) const;
    // An object of texts, or of numbers, by free keys.
    std::vector<std::pair<std::string, std::string>> dictionary(std::string_view key, std::size_t items_max,
                                                                std::size_t bytes_max) const;
    std::vector<std::pair<std::string, int>> number_dictionary(std::string_view key, std::size_t items_max) const;
    void refuse(std::string_view key, const std::string& detail) const;

  protected:
    BodyPart(const boost::json::object* object, std::string pointer, std::optional<Response>* refusal)
        : object_(object), pointer_(std::move(pointer)), refusal_(refusal) {}
    void know(std::initializer_list<std::string_view> keys) const;
    bool bad() const { return refusal_->has_value(); }
    const boost::json::array* array(std::string_view key, std::size_t items_max) const;
    std::string checked(std::string_view key, const boost::json::value& value, std::size_t bytes_max) const;

    const boost::json::object* object_;
    std::string pointer_;
    std::optional<Response>* refusal_;
};

class Body : public BodyPart {
  public:
    // `keys`: all that are known; another one is refused, since it is a typing mistake that would go unseen.
    Body(const Request& request, std::initializer_list<std::string_view> keys);
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    // Set once something was wrong.
    const std::optional<Response>& refusal() const { return first_refusal_; }

  private:
    boost::json::object root_;
    std::optional<Response> first_refusal_;
};

}  // namespace pleiade::gateway
