// A string that cannot be taken for another kind of string.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace pleiade {

template <class Tag>
class StrongId {
  public:
    StrongId() = default;
    explicit StrongId(std::string value) : value_(std::move(value)) {}

    const std::string& str() const { return value_; }
    bool empty() const { return value_.empty(); }
    auto operator<=>(const StrongId&) const = default;

  private:
    std::string value_;
};

}  // namespace pleiade

template <class Tag>
struct std::hash<pleiade::StrongId<Tag>> {
    std::size_t operator()(const pleiade::StrongId<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.str());
    }
};
