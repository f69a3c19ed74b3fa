#include "services/reader/line_network/kernels.h"

#include <cstddef>

#if defined(__x86_64__) && defined(__GNUC__)
#define PLEIADE_BEST_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PLEIADE_BEST_PROCESSOR
#endif
#define PLEIADE_WITHIN inline __attribute__((always_inline))

namespace pleiade::reader::line_network {
namespace {

using Lanes = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));

using Index = std::ptrdiff_t;

constexpr float kStateMost = 100;   // lstm/lstm.cpp
constexpr float kTanhMost = 4.97F;  // from there on the fraction below would fall again; tanh is 0.9999 there

PLEIADE_WITHIN Lanes& lanes(float* at) {
    return *reinterpret_cast<Lanes*>(at);
}
PLEIADE_WITHIN const Lanes& lanes(const float* at) {
    return *reinterpret_cast<const Lanes*>(at);
}

// Lambert's fraction, right to a ten-thousandth: the weights themselves are known to a hundredth.
PLEIADE_WITHIN void tangent(Lanes& x) {
    x = x > kTanhMost ? Lanes{} + kTanhMost : x;
    x = x < -kTanhMost ? Lanes{} - kTanhMost : x;
    const Lanes s = x * x;
    x = x * (135135.F + s * (17325.F + s * (378.F + s))) / (135135.F + s * (62370.F + s * (3150.F + 28.F * s)));
}
PLEIADE_WITHIN void logistic(Lanes& x) {
    x = x * 0.5F;
    tangent(x);
    x = x * 0.5F + 0.5F;
}

// Sums stay in registers while the inputs go by: Rows times Blocks of them.
template <Index Rows, Index Blocks>
PLEIADE_WITHIN void multiply_block(const float* from, Index inputs, Index stride, const float* weights,
                                   const float* start, Index outputs, float* to) {
    Lanes sums[Rows][Blocks];
    for (Index r = 0; r < Rows; ++r) {
        for (Index b = 0; b < Blocks; ++b)
            sums[r][b] = lanes(start != nullptr ? start + b * kLanes : to + r * outputs + b * kLanes);
    }
    for (Index i = 0; i < inputs; ++i) {
        const float* row = weights + i * outputs;
        for (Index b = 0; b < Blocks; ++b) {
            const Lanes weight = lanes(row + b * kLanes);
            for (Index r = 0; r < Rows; ++r) sums[r][b] += from[r * stride + i] * weight;
        }
    }
    for (Index r = 0; r < Rows; ++r) {
        for (Index b = 0; b < Blocks; ++b) lanes(to + r * outputs + b * kLanes) = sums[r][b];
    }
}

template <Index Rows>
PLEIADE_WITHIN void multiply_rows(const float* from, Index inputs, Index stride, const float* weights,
                                  const float* start, Index outputs, float* to) {
    constexpr Index kBlocks = Rows == 1 ? 8 : 3;
    Index o = 0;
    const auto begin = [&] { return start != nullptr ? start + o : nullptr; };
    for (; o + kBlocks * kLanes <= outputs; o += kBlocks * kLanes)
        multiply_block<Rows, kBlocks>(from, inputs, stride, weights + o, begin(), outputs, to + o);
    for (; o < outputs; o += kLanes)
        multiply_block<Rows, 1>(from, inputs, stride, weights + o, begin(), outputs, to + o);
}

}  // namespace

PLEIADE_BEST_PROCESSOR void multiply(const float* from, int rows, int inputs, int stride, const float* weights,
                                     const float* start, int outputs, float* to) {
    Index row = 0;
    for (; row + 4 <= rows; row += 4)
        multiply_rows<4>(from + row * stride, inputs, stride, weights, start, outputs, to + row * outputs);
    for (; row < rows; ++row)
        multiply_rows<1>(from + row * stride, inputs, stride, weights, start, outputs, to + row * outputs);
}

PLEIADE_BEST_PROCESSOR void step(const float* gates, int states, float* state, float* output) {
    const Index all = states;
    for (Index i = 0; i < all; i += kLanes) {
        Lanes cell = lanes(gates + i), in = lanes(gates + all + i);
        Lanes forget = lanes(gates + 2 * all + i), out = lanes(gates + 3 * all + i);
        tangent(cell);
        logistic(in);
        logistic(forget);
        logistic(out);
        Lanes now = lanes(state + i) * forget + cell * in;
        now = now > kStateMost ? Lanes{} + kStateMost : now;
        now = now < -kStateMost ? Lanes{} - kStateMost : now;
        lanes(state + i) = now;
        tangent(now);
        lanes(output + i) = now * out;
    }
}

PLEIADE_BEST_PROCESSOR void hyperbolic_tangents(float* values, int count) {
    for (int i = 0; i < count; i += kLanes) tangent(lanes(values + i));
}

}  // namespace pleiade::reader::line_network
