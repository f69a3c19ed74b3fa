#include <fmt/format.h>

#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/replace_file.h"
#include "services/reader/digits/training/train.h"

namespace pleiade::cli {
namespace {

namespace digits = reader::digits;

constexpr std::uint32_t kCheckSeed = 5;

digits::LessonSources sources_of(const DigitsOptions& options) {
    auto folders = options.fonts;
    folders.emplace_back("/usr/share/fonts");
    return {options.sheet, options.font_list, folders};
}

void print(const digits::Report& report) {
    fmt::print("\n{:<46}{:>8}{:>9}{:>14}{:>15}\n", "never learnt from", "samples", "right", "sure (0.99)",
               "sure and wrong");
    for (const auto& score : report.scores) {
        fmt::print("{:<46}{:>8}{:>7.2f} %{:>12.1f} %{:>15}\n", score.source, score.samples,
                   100.0 * score.right / score.samples, 100.0 * score.sure / score.samples, score.sure_wrong);
    }
    fmt::print("\nhow sure it was, and how often it was right:\n");
    for (const auto& bin : report.bins) {
        if (bin.samples > 0) fmt::print("  {:.3f}  {:.3f}  ({} boxes)\n", bin.confidence, bin.right, bin.samples);
    }
    fmt::print("\n{:<16}{:>6}{:>8}{:>13}{:>14}{:>13}{:>13}{:>14}\n", "combs drawn", "", "drawn", "cells found",
               "figures right", "valid right", "valid wrong", "right, to key");
    for (const auto& line : report.exam) {
        fmt::print("{:<16}{:>6}{:>8}{:>11.1f} %{:>12.2f} %{:>11.1f} %{:>13}{:>14}\n", line.field,
                   line.hand ? "hand" : "print", line.drawn, 100.0 * line.cells_found / std::max(1, line.drawn),
                   100.0 * line.figures_right / std::max(1, line.figures),
                   100.0 * line.valid_right / std::max(1, line.drawn), line.valid_wrong, line.right_to_key);
    }
    fmt::print("expected calibration error {:.4f}; {:.3f} CPU-ms a box\n", report.calibration_error,
               report.milliseconds_a_box);
}

}  // namespace

int digits_check(const DigitsOptions& options) {
    const auto report = digits::check(options.model, sources_of(options), kCheckSeed, options.combs);
    if (!report) return fail_with(report.error());
    print(*report);
    return runtime::kExitDone;
}

int digits_train(const DigitsOptions& options) {
    digits::TrainOptions train;
    train.sources = sources_of(options);
    train.seed = options.seed;
    train.steps = options.steps;
    const auto weights = digits::train(train);
    if (!weights) return fail_with(weights.error());
    const auto bytes = digits::to_file(*weights);
    if (const auto done = replace_file(options.model, bytes); !done) return fail_with(done.error());
    fmt::print("{}: {} bytes, temperature {:.3f}\n", options.model, bytes.size(), weights->temperature);
    return digits_check(options);
}

}  // namespace pleiade::cli
