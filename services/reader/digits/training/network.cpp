#include "services/reader/digits/training/network.h"

#include <algorithm>
#include <cmath>

#include "common/base/check.h"
#include "services/reader/digits/glyph.h"
#include "services/reader/digits/training/matrix_product.h"

namespace pleiade::reader::digits {
namespace {

constexpr int kKernel = 5;
constexpr int kTaps = kKernel * kKernel;
constexpr int kStrokeSide = kGlyphSide - kKernel + 1;  // 24
constexpr int kStrokePool = kStrokeSide / 2;           // 12
constexpr int kShapeSide = kStrokePool - kKernel + 1;  // 8
constexpr int kShapePool = kShapeSide / 2;             // 4
constexpr int kStrokes = kLayers[0].outputs;
constexpr int kShapes = kLayers[1].outputs;
constexpr int kFlat = kLayers[2].inputs;
constexpr int kFigures = kLayers[2].outputs;
static_assert(kFlat == kShapes * kShapePool * kShapePool);

constexpr float kDropout = 0.3f;     // of the figure layer
constexpr double kDecay = 2e-4;      // of the weights, per step and unit of rate (AdamW)
constexpr float kSmoothing = 0.02f;  // of the labels: keeps the scores from running away on what is known by heart

std::size_t size(int a, int b, int c = 1) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b) * static_cast<std::size_t>(c);
}

// Columns of a convolution: for each tap of each plane, a row with what it sees at each place.
void spread(const float* planes, int count, int side, float* columns) {
    const int out = side - kKernel + 1;
    for (int p = 0; p < count; ++p) {
        for (int ky = 0; ky < kKernel; ++ky) {
            for (int kx = 0; kx < kKernel; ++kx) {
                for (int y = 0; y < out; ++y) {
                    const float* from = planes + (p * side + y + ky) * side + kx;
                    columns = std::copy(from, from + out, columns);
                }
            }
        }
    }
}

void gather(const float* columns, int count, int side, float* planes) {
    const int out = side - kKernel + 1;
    for (int p = 0; p < count; ++p) {
        for (int ky = 0; ky < kKernel; ++ky) {
            for (int kx = 0; kx < kKernel; ++kx) {
                for (int y = 0; y < out; ++y) {
                    float* to = planes + (p * side + y + ky) * side + kx;
                    for (int x = 0; x < out; ++x) to[x] += *columns++;
                }
            }
        }
    }
}

void add_biases(float* planes, const std::vector<float>& biases, int area) {
    for (const float bias : biases) {
        for (int i = 0; i < area; ++i) *planes++ += bias;
    }
}

// Rectifies and pools two by two.
void pool(const float* planes, int count, int side, float* pooled, std::uint8_t* from) {
    for (int p = 0; p < count; ++p) {
        for (int y = 0; y < side; y += 2) {
            for (int x = 0; x < side; x += 2) {
                const float* at = planes + (p * side + y) * side + x;
                const float four[] = {at[0], at[1], at[side], at[side + 1]};
                const auto best = std::max_element(four, four + 4) - four;
                *pooled++ = std::max(four[best], 0.0f);
                *from++ = static_cast<std::uint8_t>(best);
            }
        }
    }
}

void unpool(const float* gradient, const float* pooled, const std::uint8_t* from, int count, int side, float* planes) {
    std::fill(planes, planes + count * side * side, 0.0f);
    for (int p = 0; p < count; ++p) {
        for (int y = 0; y < side; y += 2) {
            for (int x = 0; x < side; x += 2, ++gradient, ++pooled, ++from) {
                if (*pooled > 0) planes[(p * side + y + *from / 2) * side + x + *from % 2] = *gradient;
            }
        }
    }
}

// Rows of a gradient summed: that of the biases.
void add_row_sums(const float* rows, int count, int length, std::vector<float>& sums) {
    for (int r = 0; r < count; ++r) {
        for (int i = 0; i < length; ++i) sums[static_cast<std::size_t>(r)] += *rows++;
    }
}

}  // namespace

Network::Network(std::uint32_t seed) : random_(seed) {
    for (std::size_t i = 0; i < kLayers.size(); ++i) {
        const auto& layer = kLayers[i];
        auto& values = weights_.layers[i];
        values.weights.resize(layer.weights());
        values.biases.assign(static_cast<std::size_t>(layer.outputs), 0.0f);
        const double inputs = static_cast<double>(layer.weights()) / layer.outputs;
        std::normal_distribution<float> draw(0.0f, static_cast<float>(std::sqrt(2.0 / inputs)));
        for (auto& weight : values.weights) weight = draw(random_);
        for (auto* vector : {&values.weights, &values.biases}) {
            parameters_.push_back({vector, std::vector<float>(vector->size()), std::vector<float>(vector->size()),
                                   std::vector<float>(vector->size())});
        }
    }
}

void Network::forward(const std::vector<Sample>& batch, bool learning) {
    const int count = static_cast<int>(batch.size());
    strokes_in_.resize(size(count, kTaps, kStrokeSide * kStrokeSide));
    strokes_.assign(size(count, kStrokes, kStrokeSide * kStrokeSide), 0.0f);
    stroke_pool_.resize(size(count, kStrokes, kStrokePool * kStrokePool));
    stroke_from_.resize(stroke_pool_.size());
    shapes_in_.resize(size(count, kStrokes * kTaps, kShapeSide * kShapeSide));
    shapes_.assign(size(count, kShapes, kShapeSide * kShapeSide), 0.0f);
    shape_pool_.resize(size(count, kFlat));
    shape_from_.resize(shape_pool_.size());
    for (int n = 0; n < count; ++n) {
        float* in = strokes_in_.data() + size(n, kTaps, kStrokeSide * kStrokeSide);
        float* strokes = strokes_.data() + size(n, kStrokes, kStrokeSide * kStrokeSide);
        spread(batch[static_cast<std::size_t>(n)].pixels.data(), 1, kGlyphSide, in);
        add_product(weights_.layers[0].weights.data(), in, strokes, kStrokes, kTaps, kStrokeSide * kStrokeSide);
        add_biases(strokes, weights_.layers[0].biases, kStrokeSide * kStrokeSide);
        float* pooled = stroke_pool_.data() + size(n, kStrokes, kStrokePool * kStrokePool);
        pool(strokes, kStrokes, kStrokeSide, pooled,
             stroke_from_.data() + size(n, kStrokes, kStrokePool * kStrokePool));
        float* shapes_in = shapes_in_.data() + size(n, kStrokes * kTaps, kShapeSide * kShapeSide);
        float* shapes = shapes_.data() + size(n, kShapes, kShapeSide * kShapeSide);
        spread(pooled, kStrokes, kStrokePool, shapes_in);
        add_product(weights_.layers[1].weights.data(), shapes_in, shapes, kShapes, kStrokes * kTaps,
                    kShapeSide * kShapeSide);
        add_biases(shapes, weights_.layers[1].biases, kShapeSide * kShapeSide);
        pool(shapes, kShapes, kShapeSide, shape_pool_.data() + size(n, kFlat), shape_from_.data() + size(n, kFlat));
    }
    std::vector<float> turned(size(kFlat, kFigures));
    transpose(weights_.layers[2].weights.data(), turned.data(), kFigures, kFlat);
    figures_.assign(size(count, kFigures), 0.0f);
    add_product(shape_pool_.data(), turned.data(), figures_.data(), count, kFlat, kFigures);
    kept_.assign(figures_.size(), 1);
    std::uniform_real_distribution<float> draw(0.0f, 1.0f);
    for (std::size_t i = 0; i < figures_.size(); ++i) {
        figures_[i] = std::max(0.0f, figures_[i] + weights_.layers[2].biases[i % kFigures]);
        if (!learning) continue;
        kept_[i] = draw(random_) >= kDropout ? 1 : 0;
        figures_[i] = kept_[i] != 0 ? figures_[i] / (1 - kDropout) : 0.0f;
    }
    turned.resize(size(kFigures, kKinds));
    transpose(weights_.layers[3].weights.data(), turned.data(), kKinds, kFigures);
    kinds_.assign(size(count, kKinds), 0.0f);
    for (std::size_t i = 0; i < kinds_.size(); ++i) kinds_[i] = weights_.layers[3].biases[i % kKinds];
    add_product(figures_.data(), turned.data(), kinds_.data(), count, kFigures, kKinds);
}

void Network::backward(const std::vector<Sample>& batch) {
    const int count = static_cast<int>(batch.size());
    for (auto& parameter : parameters_) std::fill(parameter.gradient.begin(), parameter.gradient.end(), 0.0f);
    loss_ = 0;
    std::vector<float> d_kinds(kinds_.size());
    for (int n = 0; n < count; ++n) {
        const float* scores = kinds_.data() + size(n, kKinds);
        float* d = d_kinds.data() + size(n, kKinds);
        const float best = *std::max_element(scores, scores + kKinds);
        float sum = 0;
        for (int k = 0; k < kKinds; ++k) sum += d[k] = std::exp(scores[k] - best);
        const int kind = batch[static_cast<std::size_t>(n)].kind;
        loss_ -= std::log(d[kind] / sum + 1e-12);
        for (int k = 0; k < kKinds; ++k) {
            const float wanted = (k == kind ? 1 - kSmoothing : 0.0f) + kSmoothing / kKinds;
            d[k] = (d[k] / sum - wanted) / static_cast<float>(count);
        }
    }
    loss_ /= count;

    std::vector<float> turned(d_kinds.size());
    transpose(d_kinds.data(), turned.data(), count, kKinds);
    add_product(turned.data(), figures_.data(), gradient(3, false).gradient.data(), kKinds, count, kFigures);
    add_row_sums(turned.data(), kKinds, count, gradient(3, true).gradient);
    std::vector<float> d_figures(figures_.size(), 0.0f);
    add_product(d_kinds.data(), weights_.layers[3].weights.data(), d_figures.data(), count, kKinds, kFigures);
    for (std::size_t i = 0; i < d_figures.size(); ++i) {
        d_figures[i] = figures_[i] > 0 ? d_figures[i] / (1 - kDropout) : 0.0f;
    }
    turned.resize(d_figures.size());
    transpose(d_figures.data(), turned.data(), count, kFigures);
    add_product(turned.data(), shape_pool_.data(), gradient(2, false).gradient.data(), kFigures, count, kFlat);
    add_row_sums(turned.data(), kFigures, count, gradient(2, true).gradient);
    std::vector<float> d_pool(shape_pool_.size(), 0.0f);
    add_product(d_figures.data(), weights_.layers[2].weights.data(), d_pool.data(), count, kFigures, kFlat);

    constexpr int kShapeArea = kShapeSide * kShapeSide;
    constexpr int kStrokeArea = kStrokeSide * kStrokeSide;
    std::vector<float> d_shapes(size(kShapes, kShapeArea)), d_strokes(size(kStrokes, kStrokeArea));
    std::vector<float> seen(size(kStrokes * kTaps, kShapeArea)), d_seen(seen.size());
    std::vector<float> d_stroke_pool(size(kStrokes, kStrokePool * kStrokePool));
    std::vector<float> shape_weights(weights_.layers[1].weights.size());
    transpose(weights_.layers[1].weights.data(), shape_weights.data(), kShapes, kStrokes * kTaps);
    std::vector<float> stroke_seen(size(kTaps, kStrokeArea));
    for (int n = 0; n < count; ++n) {
        unpool(d_pool.data() + size(n, kFlat), shape_pool_.data() + size(n, kFlat), shape_from_.data() + size(n, kFlat),
               kShapes, kShapeSide, d_shapes.data());
        add_row_sums(d_shapes.data(), kShapes, kShapeArea, gradient(1, true).gradient);
        transpose(shapes_in_.data() + size(n, kStrokes * kTaps, kShapeArea), seen.data(), kStrokes * kTaps, kShapeArea);
        add_product(d_shapes.data(), seen.data(), gradient(1, false).gradient.data(), kShapes, kShapeArea,
                    kStrokes * kTaps);
        std::fill(d_seen.begin(), d_seen.end(), 0.0f);
        add_product(shape_weights.data(), d_shapes.data(), d_seen.data(), kStrokes * kTaps, kShapes, kShapeArea);
        std::fill(d_stroke_pool.begin(), d_stroke_pool.end(), 0.0f);
        gather(d_seen.data(), kStrokes, kStrokePool, d_stroke_pool.data());
        const auto pooled = size(n, kStrokes, kStrokePool * kStrokePool);
        unpool(d_stroke_pool.data(), stroke_pool_.data() + pooled, stroke_from_.data() + pooled, kStrokes, kStrokeSide,
               d_strokes.data());
        add_row_sums(d_strokes.data(), kStrokes, kStrokeArea, gradient(0, true).gradient);
        transpose(strokes_in_.data() + size(n, kTaps, kStrokeArea), stroke_seen.data(), kTaps, kStrokeArea);
        add_product(d_strokes.data(), stroke_seen.data(), gradient(0, false).gradient.data(), kStrokes, kStrokeArea,
                    kTaps);
    }
}

// AdamW (Loshchilov and Hutter 2019).
void Network::step(double rate) {
    constexpr double kMean = 0.9, kSquare = 0.999, kTiny = 1e-8;
    ++steps_;
    const double mean_share = 1 - std::pow(kMean, steps_), square_share = 1 - std::pow(kSquare, steps_);
    for (auto& parameter : parameters_) {
        for (std::size_t i = 0; i < parameter.gradient.size(); ++i) {
            const double slope = parameter.gradient[i];
            parameter.mean[i] = static_cast<float>(kMean * parameter.mean[i] + (1 - kMean) * slope);
            parameter.square[i] = static_cast<float>(kSquare * parameter.square[i] + (1 - kSquare) * slope * slope);
            float& value = (*parameter.values)[i];
            const double move =
                parameter.mean[i] / mean_share / (std::sqrt(parameter.square[i] / square_share) + kTiny);
            value -= static_cast<float>(rate * (move + kDecay * value));
        }
    }
}

double Network::learn(const std::vector<Sample>& batch, double rate) {
    PLEIADE_CHECK(!batch.empty());
    forward(batch, true);
    backward(batch);
    step(rate);
    return loss_;
}

std::vector<std::array<float, kKinds>> Network::scores(const std::vector<Sample>& samples) {
    std::vector<std::array<float, kKinds>> all;
    constexpr std::size_t kBatch = 64;
    for (std::size_t from = 0; from < samples.size(); from += kBatch) {
        const auto to = std::min(samples.size(), from + kBatch);
        forward(
            {samples.begin() + static_cast<std::ptrdiff_t>(from), samples.begin() + static_cast<std::ptrdiff_t>(to)},
            false);
        for (std::size_t n = 0; n < to - from; ++n) {
            auto& one = all.emplace_back();
            std::copy_n(kinds_.begin() + static_cast<std::ptrdiff_t>(n * kKinds), kKinds, one.begin());
        }
    }
    return all;
}

}  // namespace pleiade::reader::digits
