// The arithmetic of the line network: vectors of eight, compiled for several generations of processors, the best of
// which is chosen when the program starts. Pure; no bounds are checked.
#pragma once

namespace pleiade::reader::line_network {

inline constexpr int kLanes = 8;  // numbers in a vector: every width below is a multiple of it

// to[row][o] = start[o] + sum over i of from[row][i] * weights[i][o]. `start` null: what stands in `to` is added to.
// `stride`: floats from a row of `from` to the next.
void multiply(const float* from, int rows, int inputs, int stride, const float* weights, const float* start,
              int outputs, float* to);

// What an LSTM makes of its gates (cell, input, forget, output, each `states` wide): its new state and output.
void step(const float* gates, int states, float* state, float* output);

void hyperbolic_tangents(float* values, int count);

}  // namespace pleiade::reader::line_network
