// `pleiade digits`: makes the digit model and says how good it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/reader/digits/training/exam.h"
#include "services/reader/digits/training/lessons.h"
#include "services/reader/digits/weights.h"

namespace pleiade::reader::digits {

struct TrainOptions {
    LessonSources sources;
    std::uint32_t seed = 1;
    int steps = 7000;  // of 64 samples each, never twice the same
    bool quiet = false;
};

// Prints its progress. The same sources, seed and steps give the same file on one kind of processor.
// Errors: those of Lessons::open.
Result<Weights> train(const TrainOptions& options);

// How a model reads what it never saw.
struct Score {
    std::string source;
    int samples = 0;
    int right = 0;
    int sure = 0;        // likeliest kind at kSure or more
    int sure_wrong = 0;  // of these
};
struct Report {
    std::vector<Score> scores;
    std::vector<ExamLine> exam;
    // Of the figures, by how sure the model was: ten bins of samples, mean confidence, share that was right.
    struct Bin {
        int samples = 0;
        double confidence = 0, right = 0;
    };
    std::vector<Bin> bins;
    double calibration_error = 0;  // expected, weighted by the bins' sizes
    double milliseconds_a_box = 0;
};
inline constexpr double kSure = 0.99;

// Through the model as the reader runs it; `combs` of each field and writing. Prints nothing.
Result<Report> check(const std::string& model, const LessonSources& sources, std::uint32_t seed, int combs);

}  // namespace pleiade::reader::digits
