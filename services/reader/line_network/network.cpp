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
    Layer to{layer.inputs, outputs, std::vector<float>(area(layer.inputs, outputs)), layer.bias};
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
    columns_.count = strip.cols / model_.pool_x;
    columns_.odds.clear();
    if (columns_.count == 0) return columns_;
    look(strip);
    go_down();
    int width = model_.down.states;
    for (const auto& lstm : model_.along) {
        go_along(lstm, width);
        width = lstm.states;
    }
    tell(width);
    return columns_;
}

// What stands around each pixel, row by row; of each field of the pooling the largest is kept.
void Network::look(const cv::Mat& strip) {
    const int across = 2 * model_.around_x + 1, down = 2 * model_.around_y + 1, kinds = model_.convolution.outputs;
    const int rows = strip.rows / model_.pool_y, width = columns_.count * model_.pool_x;
    around_.resize(area(width, across * down));
    looked_.resize(area(width, kinds));
    pooled_.assign(area(rows, columns_.count) * static_cast<std::size_t>(kinds), -1.F);
    Noise noise;
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
        float* pool = pooled_.data() + area(y / model_.pool_y, columns_.count) * static_cast<std::size_t>(kinds);
        for (int x = 0; x < width; ++x) {
            float* best = pool + area(x / model_.pool_x, kinds);
            const float* one = looked_.data() + area(x, kinds);
            for (int k = 0; k < kinds; ++k) best[k] = std::max(best[k], one[k]);
        }
    }
}

// Each column from its top, all columns at once.
void Network::go_down() {
    const auto& lstm = model_.down;
    const int kinds = lstm.entering.inputs, states = lstm.states, rows = model_.height / model_.pool_y;
    state_.assign(area(columns_.count, states), 0.F);
    output_.assign(state_.size(), 0.F);
    gates_.resize(area(columns_.count, 4 * states));
    for (int y = 0; y < rows; ++y) {
        multiply(pooled_.data() + area(y, columns_.count) * static_cast<std::size_t>(kinds), columns_.count, kinds,
                 kinds, lstm.entering.weights.data(), lstm.entering.bias.data(), 4 * states, gates_.data());
        if (y > 0) {
            multiply(output_.data(), columns_.count, states, states, lstm.returning.weights.data(), nullptr, 4 * states,
                     gates_.data());
        }
        for (int x = 0; x < columns_.count; ++x) {
            const auto at = area(x, states);
            step(gates_.data() + 4 * at, states, state_.data() + at, output_.data() + at);
        }
    }
    layer_.swap(output_);
}

// What enters is multiplied for all columns at once, what returns one after the other.
void Network::go_along(const Lstm& lstm, int width) {
    const int gates = 4 * lstm.states;
    gates_.resize(area(columns_.count, gates));
    multiply(layer_.data(), columns_.count, width, width, lstm.entering.weights.data(), lstm.entering.bias.data(),
             gates, gates_.data());
    state_.assign(static_cast<std::size_t>(lstm.states), 0.F);
    output_.resize(area(columns_.count, lstm.states));
    const float* before = nullptr;
    for (int i = 0; i < columns_.count; ++i) {
        const int x = lstm.backwards ? columns_.count - 1 - i : i;
        float* gate = gates_.data() + area(x, gates);
        float* output = output_.data() + area(x, lstm.states);
        if (before != nullptr)
            multiply(before, 1, lstm.states, lstm.states, lstm.returning.weights.data(), nullptr, gates, gate);
        step(gate, lstm.states, state_.data(), output);
        before = output;
    }
    layer_.swap(output_);
}

void Network::tell(int width) {
    const auto& characters = model_.characters;
    gates_.resize(area(columns_.count, characters.outputs));
    multiply(layer_.data(), columns_.count, width, width, characters.weights.data(), characters.bias.data(),
             characters.outputs, gates_.data());
    columns_.odds.resize(area(columns_.count, columns_.outputs));
    for (int x = 0; x < columns_.count; ++x) {
        soft_maximum(gates_.data() + area(x, characters.outputs), columns_.outputs,
                     columns_.odds.data() + area(x, columns_.outputs));
    }
}

}  // namespace pleiade::reader::line_network
