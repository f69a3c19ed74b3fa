// The weights of Tesseract's line network, out of an installed traineddata file: what `network` runs.
//
// Format: the container of Tesseract 4 and 5 (an offset for each of its parts), with the parts lstm, lstm-word-dawg,
// lstm-unicharset and lstm-recoder, as the packages tesseract-ocr-* of Debian bring them: integer weights, grey input,
// one convolution, one pooling, one LSTM down each column, then LSTMs along the line. Any other layout is refused, and
// the caller lets Tesseract itself read. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/reader/line_network/dictionary.h"

namespace pleiade::reader::line_network {

// out = bias + rows^T * in, kept input by input: an input adds to all outputs at once, which is what vectors are for.
struct Layer {
    int inputs = 0, outputs = 0;
    std::vector<float> weights;  // inputs x outputs
    std::vector<float> bias;     // outputs
};

// How many numbers stand in so many rows of a matrix.
inline std::size_t area(int rows, int width) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(width);
}

// Inputs: what enters, then the state's own outputs. Outputs: four gates (cell, input, forget, output) of `states`
// each.
struct Lstm {
    int states = 0;
    bool backwards = false;  // from the end of the line to its beginning
    Layer entering;          // inputs x 4 states
    Layer returning;         // states x 4 states, without a bias
};

struct LineModel {
    int height = 0;                  // of the strip it reads, pixels
    int around_x = 0, around_y = 0;  // how far the convolution looks
    Layer convolution;               // what stands around a pixel, column by column; then tanh
    int pool_x = 0, pool_y = 0;
    Lstm down;  // each column of pooled pixels, from its top; its last output stands for the column
    std::vector<Lstm> along;
    Layer characters;                // then a soft maximum
    std::vector<std::string> texts;  // UTF-8, by output; empty for what stands for no character
    int blank = 0;                   // the output that says «nothing new here»
    Dictionary words;
};

// Errors: LINE_MODEL_UNKNOWN (Invalid), with what was not understood.
Result<LineModel> parse_line_model(std::span<const std::uint8_t> traineddata);
Result<LineModel> load_line_model(const std::string& path);

}  // namespace pleiade::reader::line_network
