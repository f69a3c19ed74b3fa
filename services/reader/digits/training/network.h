// The digit network while it learns: forward, backward, and the weights' next step (Adam). The same layers as
// digit_model.h, which runs what comes out of here.
//
// Concurrency: one thread, so that the same seed gives the same weights on one kind of processor.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "services/reader/digits/weights.h"

namespace pleiade::reader::digits {

// kGlyphSide x kGlyphSide pixels, 0 to 1, and what they show.
struct Sample {
    std::vector<float> pixels;
    int kind = kOther;
};

class Network {
  public:
    explicit Network(std::uint32_t seed);

    // One step over a batch; returns its mean loss (cross-entropy, in nats).
    double learn(const std::vector<Sample>& batch, double rate);
    // The scores of each sample, before the soft maximum.
    std::vector<std::array<float, kKinds>> scores(const std::vector<Sample>& samples);

    const Weights& weights() const { return weights_; }

  private:
    struct Parameter {  // of Adam
        std::vector<float>* values;
        std::vector<float> gradient, mean, square;
    };
    void forward(const std::vector<Sample>& batch, bool learning);
    void backward(const std::vector<Sample>& batch);
    void step(double rate);
    Parameter& gradient(std::size_t layer, bool biases) { return parameters_[2 * layer + (biases ? 1 : 0)]; }

    Weights weights_;
    std::vector<Parameter> parameters_;
    std::mt19937 random_;
    int steps_ = 0;

    // Of the batch under way; one sample after another.
    std::vector<float> strokes_in_, strokes_, stroke_pool_;
    std::vector<float> shapes_in_, shapes_, shape_pool_;
    std::vector<std::uint8_t> stroke_from_, shape_from_;  // which of the four each pooled value came from
    std::vector<float> figures_, kinds_;
    std::vector<std::uint8_t> kept_;  // by the dropout
    double loss_ = 0;
};

}  // namespace pleiade::reader::digits
