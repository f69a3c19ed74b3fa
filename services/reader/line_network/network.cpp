#include "services/reader/line_network/network.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "common/base/check.h"
#include "services/reader/line_network/kernels.h"

namespace pleiade::reader::line_network {
namespace {

constexpr float kOddsLeast = -86;  // exp of less is nothing

// What the convolution sees beside the strip: noise, as it did when it learnt, and the same for every line.
class Noise {
  public:
    float next() {
        state_ = state_ * 1664525U + 1013904223U;  // D. Knuth, The Art of Computer Programming, 3.3.4, table 1
        return static_cast<float>(state_ >> 8U) * 0x1p-23F - 1;
    }

  private:
    std::uint32_t state_ = 1;
};

int whole_vectors(int count) {
    return (count + kLanes - 1) / kLanes * kLanes;
}

// Outputs that nobody asked for fill the last vector.
Layer padded(const Layer& layer) {
    const int outputs = whole_vectors(layer.outputs);
    Layer to{layer.inputs, outputs,
             std::vector<float>(static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(outputs)),
             layer.bias};
    to.bias.resize(static_cast<std::size_t>(outputs));
    for (int i = 0; i < layer.inputs; ++i) {
        std::copy_n(layer.weights.begin() + static_cast<std::ptrdiff_t>(i) * layer.outputs, layer.outputs,
                    to.weights.begin() + static_cast<std::ptrdiff_t>(i) * outputs);
    }
    return to;
}

void soft_maximum(const float* from, int count, float* to) {
    const float most = *std::max_element(from, from + count);
    float total = 0;
    for (int i = 0; i < count; ++i) total += to[i] = std::exp(std::max(from[i] - most, kOddsLeast));
    for (int i = 0; i < count; ++i) to[i] /= total;
}

}  // namespace

Network::Network(LineModel model) : model_(std::move(model)) {
    columns_.outputs = model_.characters.outputs;
    columns_.pixels = model_.pool_x;
    model_.characters = padded(model_.characters);
}

const Columns& Network::read(const cv::Mat& strip) {
    PLEIADE_CHECK(strip.type() == CV_32FC1 && strip.rows == model_.height);
    const int columns = strip.cols / model_.pool_x, rows = strip.rows / model_.pool_y;
    columns_.count = columns;
    columns_.odds.clear();
    if (columns == 0) return columns_;
    const auto size = [](std::size_t a, int b) { return a * static_cast<std::size_t>(b); };

    // The convolution, row by row of pixels; of each field of the pooling the largest is kept.
    const int across = 2 * model_.around_x + 1, down = 2 * model_.around_y + 1, kinds = model_.convolution.outputs;
    const int width = columns * model_.pool_x;
    Noise noise;
    around_.resize(size(static_cast<std::size_t>(width), across * down));
    looked_.resize(size(static_cast<std::size_t>(width), kinds));
    pooled_.assign(size(size(static_cast<std::size_t>(rows), columns), kinds), -1.F);
    for (int y = 0; y < rows * model_.pool_y; ++y) {
        float* to = around_.data();
        for (int x = 0; x < width; ++x) {
            for (int dx = -model_.around_x; dx <= model_.around_x; ++dx) {
                for (int dy = -model_.around_y; dy <= model_.around_y; ++dy) {
                    const bool inside = x + dx >= 0 && x + dx < strip.cols && y + dy >= 0 && y + dy < strip.rows;
                    *to++ = inside ? strip.at<float>(y + dy, x + dx) : noise.next();
                }
            }
        }
        multiply(around_.data(), width, across * down, across * down, model_.convolution.weights.data(),
                 model_.convolution.bias.data(), kinds, looked_.data());
        hyperbolic_tangents(looked_.data(), width * kinds);
        float* pool = pooled_.data() + static_cast<std::ptrdiff_t>(y / model_.pool_y) * columns * kinds;
        for (int x = 0; x < width; ++x) {
            float* best = pool + static_cast<std::ptrdiff_t>(x / model_.pool_x) * kinds;
            const float* one = looked_.data() + static_cast<std::ptrdiff_t>(x) * kinds;
            for (int k = 0; k < kinds; ++k) best[k] = std::max(best[k], one[k]);
        }
    }

    // Down each column, all columns at once.
    const int states = model_.down.states;
    state_.assign(size(static_cast<std::size_t>(columns), states), 0.F);
    output_.assign(state_.size(), 0.F);
    gates_.resize(state_.size() * 4);
    for (int y = 0; y < rows; ++y) {
        multiply(pooled_.data() + static_cast<std::ptrdiff_t>(y) * columns * kinds, columns, kinds, kinds,
                 model_.down.entering.weights.data(), model_.down.entering.bias.data(), 4 * states, gates_.data());
        if (y > 0) {
            multiply(output_.data(), columns, states, states, model_.down.returning.weights.data(), nullptr, 4 * states,
                     gates_.data());
        }
        for (int x = 0; x < columns; ++x) {
            const auto at = static_cast<std::ptrdiff_t>(x) * states;
            step(gates_.data() + 4 * at, states, state_.data() + at, output_.data() + at);
        }
    }
    layer_.swap(output_);

    // Along the line: what enters is multiplied for all columns at once, what returns one after the other.
    int wide = states;
    for (const auto& lstm : model_.along) {
        const int gates = 4 * lstm.states;
        gates_.resize(size(static_cast<std::size_t>(columns), gates));
        multiply(layer_.data(), columns, wide, wide, lstm.entering.weights.data(), lstm.entering.bias.data(), gates,
                 gates_.data());
        state_.assign(static_cast<std::size_t>(lstm.states), 0.F);
        output_.resize(size(static_cast<std::size_t>(columns), lstm.states));
        const float* before = nullptr;
        for (int i = 0; i < columns; ++i) {
            const auto x = static_cast<std::ptrdiff_t>(lstm.backwards ? columns - 1 - i : i);
            float* gate = gates_.data() + x * gates;
            if (before != nullptr)
                multiply(before, 1, lstm.states, lstm.states, lstm.returning.weights.data(), nullptr, gates, gate);
            float* output = output_.data() + x * lstm.states;
            step(gate, lstm.states, state_.data(), output);
            before = output;
        }
        layer_.swap(output_);
        wide = lstm.states;
    }

    gates_.resize(size(static_cast<std::size_t>(columns), model_.characters.outputs));
    multiply(layer_.data(), columns, wide, wide, model_.characters.weights.data(), model_.characters.bias.data(),
             model_.characters.outputs, gates_.data());
    columns_.odds.resize(size(static_cast<std::size_t>(columns), columns_.outputs));
    for (int x = 0; x < columns; ++x) {
        soft_maximum(gates_.data() + static_cast<std::ptrdiff_t>(x) * model_.characters.outputs, columns_.outputs,
                     columns_.odds.data() + static_cast<std::ptrdiff_t>(x) * columns_.outputs);
    }
    return columns_;
}

}  // namespace pleiade::reader::line_network
