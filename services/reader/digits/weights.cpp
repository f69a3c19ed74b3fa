#include "services/reader/digits/weights.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/core.hpp>

namespace pleiade::reader::digits {
namespace {

constexpr std::string_view kMagic = "PLDIGIT1";

static_assert(sizeof(float) == 4 && sizeof(cv::float16_t) == 2);

std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const char c : bytes) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    return ~crc;
}

template <class Value>
void put(std::string& bytes, const Value& value) {
    char raw[sizeof(Value)];
    std::memcpy(raw, &value, sizeof raw);
    bytes.append(raw, sizeof raw);
}

template <class Value>
Value take(std::string_view& bytes) {
    Value value;
    std::memcpy(&value, bytes.data(), sizeof value);
    bytes.remove_prefix(sizeof value);
    return value;
}

std::size_t file_bytes() {
    std::size_t numbers = 0;
    for (const auto& layer : kLayers) numbers += layer.weights() + static_cast<std::size_t>(layer.outputs);
    return kMagic.size() + sizeof(float) + numbers * sizeof(cv::float16_t) + sizeof(std::uint32_t);
}

}  // namespace

std::string to_file(const Weights& weights) {
    std::string bytes(kMagic);
    put(bytes, weights.temperature);
    for (const auto& layer : weights.layers) {
        for (const auto* values : {&layer.weights, &layer.biases}) {
            for (const float value : *values) put(bytes, cv::float16_t(value));
        }
    }
    put(bytes, crc32(bytes));
    return bytes;
}

Result<Weights> from_file(std::string_view bytes) {
    const auto refused = [](std::string why) {
        return invalid("MODEL_INVALID",
                       "the digit model " + why + "; make it again with «pleiade digits train» or restore the file");
    };
    if (!bytes.starts_with(kMagic)) return refused("is of another format");
    if (bytes.size() != file_bytes()) return refused("has not its whole length");
    auto crc = bytes.substr(bytes.size() - sizeof(std::uint32_t));
    bytes.remove_suffix(sizeof(std::uint32_t));
    if (take<std::uint32_t>(crc) != crc32(bytes)) return refused("is damaged");
    bytes.remove_prefix(kMagic.size());
    Weights weights;
    weights.temperature = take<float>(bytes);
    if (!std::isfinite(weights.temperature) || weights.temperature <= 0) return refused("has no temperature");
    for (std::size_t i = 0; i < kLayers.size(); ++i) {
        weights.layers[i].weights.resize(kLayers[i].weights());
        weights.layers[i].biases.resize(static_cast<std::size_t>(kLayers[i].outputs));
        for (auto* values : {&weights.layers[i].weights, &weights.layers[i].biases}) {
            for (float& value : *values) value = static_cast<float>(take<cv::float16_t>(bytes));
        }
    }
    return weights;
}

}  // namespace pleiade::reader::digits
