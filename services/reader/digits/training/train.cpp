#include "services/reader/digits/training/train.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <opencv2/core.hpp>

#include "services/reader/digits/digit_model.h"
#include "services/reader/digits/glyph.h"

namespace pleiade::reader::digits {
namespace {

constexpr int kBatch = 64;
constexpr double kRate = 2e-3;    // at its highest, after a short warm-up; down to nothing along a half cosine
constexpr double kWarmUp = 0.03;  // of the steps
constexpr int kReports = 20;
// Lessons are bent and cut harder than mail is, whose odds these are. Of 13 920 boxes of the sample mail's train half,
// the loss is lowest between 0.9 and 1.
constexpr float kMailIsEasier = 0.9F;
constexpr std::uint32_t kCalibrationSeed = 77;  // other samples than those of the check

double rate_at(int step, int steps) {
    const double done = static_cast<double>(step) / steps;
    if (done < kWarmUp) return kRate * done / kWarmUp;
    return kRate * 0.5 * (1 + std::cos(CV_PI * (done - kWarmUp) / (1 - kWarmUp)));
}

using Scores = std::vector<std::array<float, kKinds>>;

double mean_loss(const Scores& scores, const std::vector<int>& kinds, double temperature) {
    double loss = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const float best = *std::max_element(scores[i].begin(), scores[i].end());
        double sum = 0;
        for (const float score : scores[i]) sum += std::exp((score - best) / temperature);
        loss += std::log(sum) - (scores[i][static_cast<std::size_t>(kinds[i])] - best) / temperature;
    }
    return loss / static_cast<double>(std::max<std::size_t>(1, scores.size()));
}

// The temperature under which held-out samples are least surprising (Guo et al. 2017), by golden section. Every source
// weighs the same, so that the easy ones do not make it overconfident on handwriting.
float fit_temperature(Network& network, const std::map<std::string, std::vector<Sample>>& sets) {
    std::vector<std::pair<Scores, std::vector<int>>> all;
    for (const auto& [name, samples] : sets) {
        std::vector<int> kinds;
        for (const auto& one : samples) kinds.push_back(one.kind);
        all.emplace_back(network.scores(samples), std::move(kinds));
    }
    const auto loss = [&](double log_temperature) {
        double total = 0;
        for (const auto& [scores, kinds] : all) total += mean_loss(scores, kinds, std::exp(log_temperature));
        return total;
    };
    double low = std::log(0.3), high = std::log(4.0);
    const double golden = (std::sqrt(5.0) - 1) / 2;
    for (int i = 0; i < 40; ++i) {
        const double left = high - golden * (high - low), right = low + golden * (high - low);
        (loss(left) < loss(right) ? high : low) = loss(left) < loss(right) ? right : left;
    }
    return static_cast<float>(std::exp((low + high) / 2));
}

}  // namespace

Result<Weights> train(const TrainOptions& options) {
    const auto lessons = Lessons::open(options.sources);
    if (!lessons) return pass_on(lessons);
    if (!options.quiet) {
        for (const auto& font : lessons->missing_fonts()) fmt::print("not found, left out: {}\n", font);
        fmt::print("{} fonts; {} steps of {} samples\n", lessons->fonts(), options.steps, kBatch);
    }
    Random random(options.seed);
    Network network(random());
    std::vector<Sample> batch(kBatch);
    double loss = 0;
    for (int step = 1; step <= options.steps; ++step) {
        for (auto& one : batch) one = lessons->draw(random);
        loss += network.learn(batch, rate_at(step, options.steps));
        const int every = std::max(1, options.steps / kReports);
        if (step % every == 0 && !options.quiet) {
            fmt::print("step {:>6}  loss {:.4f}\n", step, loss / every);
            std::fflush(stdout);
        }
        if (step % every == 0) loss = 0;
    }
    Weights weights = network.weights();
    weights.temperature = kMailIsEasier * fit_temperature(network, lessons->held_out(kCalibrationSeed));
    return weights;
}

Result<Report> check(const std::string& path, const LessonSources& sources, std::uint32_t seed, int combs) {
    const auto model = DigitModel::open(path);
    if (!model) return pass_on(model);
    const auto lessons = Lessons::open(sources);
    if (!lessons) return pass_on(lessons);
    Report report;
    report.bins.resize(10);
    int boxes = 0;
    double seconds = 0;
    for (const auto& [source, samples] : lessons->held_out(seed)) {
        Score score;
        score.source = source;
        std::vector<cv::Mat> glyphs;
        for (const auto& one : samples) {
            const cv::Mat pixels(kGlyphSide, kGlyphSide, CV_32F, const_cast<float*>(one.pixels.data()));
            pixels.convertTo(glyphs.emplace_back(), CV_8U, 255);
        }
        const auto begun = std::clock();
        const auto odds = (*model)->read(glyphs);
        seconds += static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        boxes += static_cast<int>(glyphs.size());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const int kind = likeliest(odds[i]);
            const double confidence = odds[i][static_cast<std::size_t>(kind)];
            const bool right = kind == samples[i].kind;
            ++score.samples;
            score.right += right ? 1 : 0;
            score.sure += confidence >= kSure ? 1 : 0;
            score.sure_wrong += confidence >= kSure && !right ? 1 : 0;
            auto& bin = report.bins[static_cast<std::size_t>(std::min(9.0, confidence * 10))];
            ++bin.samples;
            bin.confidence += confidence;
            bin.right += right ? 1 : 0;
        }
        report.scores.push_back(score);
    }
    for (auto& bin : report.bins) {
        if (bin.samples == 0) continue;
        bin.confidence /= bin.samples;
        bin.right /= bin.samples;
        report.calibration_error += std::abs(bin.confidence - bin.right) * bin.samples / boxes;
    }
    report.exam = sit_exam(**model, *lessons, seed, combs);
    report.milliseconds_a_box = boxes == 0 ? 0 : seconds * 1000 / boxes;
    return report;
}

}  // namespace pleiade::reader::digits
