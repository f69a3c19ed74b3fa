// The numbers of the digit model and the file that holds them.
//
// File, little-endian: the eight bytes "PLDIGIT1", the temperature (float), then for each of the four layers, in the
// order of kLayers, its weights and its biases as IEEE 754 half-precision, and at last the CRC-32 of all before it.
// Halves lose nothing that can be measured and keep the file under 200 KB.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "services/reader/digits/odds.h"

namespace pleiade::reader::digits {

struct Layer {
    const char* name;
    int outputs, inputs, kernel;  // a kernel of 0: fully connected
    std::size_t weights() const {
        const auto area = kernel == 0 ? 1u : static_cast<std::size_t>(kernel * kernel);
        return static_cast<std::size_t>(outputs) * static_cast<std::size_t>(inputs) * area;
    }
};

// 28x28 -> convolution 5x5, 16 -> pool -> 12x12 -> convolution 5x5, 32 -> pool -> 4x4 -> 128 -> kinds.
inline constexpr std::array<Layer, 4> kLayers = {Layer{"stroke", 16, 1, 5}, Layer{"shape", 32, 16, 5},
                                                 Layer{"figure", 128, 32 * 4 * 4, 0}, Layer{"kind", kKinds, 128, 0}};

struct Weights {
    struct Values {
        std::vector<float> weights;  // outputs x inputs x kernel x kernel
        std::vector<float> biases;   // outputs
    };
    std::array<Values, kLayers.size()> layers;
    float temperature = 1;  // the scores are divided by it, so that 0.9 is right nine times in ten
};

std::string to_file(const Weights& weights);

// Errors: MODEL_INVALID (Invalid): another format, a cut file, a changed byte.
Result<Weights> from_file(std::string_view bytes);

}  // namespace pleiade::reader::digits
