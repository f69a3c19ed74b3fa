#include "services/cli/calibrate/reliability.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "common/base/interval.h"

namespace pleiade::cli {
namespace {

constexpr std::array kEdges = {0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0};
constexpr double kExtreme = 1e-6;
constexpr int kSteps = 2000;
constexpr double kRate = 0.5;
constexpr double kScale = 4;
constexpr double kFlattest = 0.05, kSteepest = 5, kFurthest = 20;
constexpr double kRatio = 9.2;  // chi square of two numbers at 99 %

double log_odds(double p) {
    p = std::clamp(p, kExtreme, 1 - kExtreme);
    return std::log(p / (1 - p));
}

double log_loss(const std::vector<Sample>& samples, const reader::CertaintyCurve& curve) {
    double loss = 0;
    for (const auto& sample : samples) {
        const double p = std::clamp(curve(sample.stated), kExtreme, 1 - kExtreme);
        loss -= std::log(sample.right ? p : 1 - p);
    }
    return loss;
}

// Highest certainty first; those that state the same stand or fall together.
template <typename Accept>
Threshold lowest(std::vector<Sample> samples, double at_least, Accept accept) {
    std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.stated > b.stated; });
    Threshold best, so_far;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (samples[i].stated < at_least) break;
        ++so_far.samples;
        so_far.wrong += samples[i].right ? 0 : 1;
        if (i + 1 < samples.size() && samples[i + 1].stated == samples[i].stated) continue;
        so_far.certainty = samples[i].stated;
        const auto share = wilson(so_far.wrong, so_far.samples);
        so_far.upper = share.high;
        so_far.shown = accept(share);
        if (so_far.shown || best.samples == 0) best = so_far;
    }
    return best;
}

}  // namespace

std::vector<ReliabilityBin> reliability(const std::vector<Sample>& samples) {
    std::vector<ReliabilityBin> bins;
    for (std::size_t i = 0; i + 1 < kEdges.size(); ++i) bins.push_back({kEdges[i], kEdges[i + 1], 0, 0, 0});
    for (const auto& sample : samples) {
        const auto above = std::upper_bound(kEdges.begin(), kEdges.end(), sample.stated);
        const auto at = std::clamp<std::ptrdiff_t>(above - kEdges.begin() - 1, 0, std::ssize(bins) - 1);
        auto& bin = bins[static_cast<std::size_t>(at)];
        ++bin.samples;
        bin.right += sample.right ? 1 : 0;
        bin.stated += sample.stated;
    }
    for (auto& bin : bins) bin.stated = bin.samples == 0 ? 0 : bin.stated / bin.samples;
    return bins;
}

double calibration_error(const std::vector<ReliabilityBin>& bins) {
    double error = 0;
    int samples = 0;
    for (const auto& bin : bins) {
        if (bin.samples == 0) continue;
        error += std::abs(bin.stated * bin.samples - bin.right);
        samples += bin.samples;
    }
    return samples == 0 ? 0 : error / samples;
}

reader::CertaintyCurve fit(const std::vector<Sample>& samples, bool only_lowers) {
    double right = 0, wrong = 0;
    for (const auto& sample : samples) (sample.right ? right : wrong) += 1;
    reader::CertaintyCurve curve;
    if (samples.empty()) return curve;
    const double high = (right + 1) / (right + 2), low = 1 / (wrong + 2);
    const double steepest = only_lowers ? 1 : kSteepest, highest = only_lowers ? 0 : kFurthest;
    // Gradient descent on the mean log loss, held inside those bounds. The log-odds are scaled so that one rate suits
    // both numbers.
    for (int step = 0; step < kSteps; ++step) {
        double by_slope = 0, by_offset = 0;
        for (const auto& sample : samples) {
            const double x = log_odds(sample.stated);
            const double p = 1 / (1 + std::exp(-(curve.slope * x + curve.offset)));
            const double miss = p - (sample.right ? high : low);
            by_slope += miss * x;
            by_offset += miss;
        }
        curve.slope =
            std::clamp(curve.slope - kRate * by_slope / (right + wrong) / (kScale * kScale), kFlattest, steepest);
        curve.offset = std::clamp(curve.offset - kRate * by_offset / (right + wrong), -kFurthest, highest);
    }
    const bool clearly = 2 * (log_loss(samples, {}) - log_loss(samples, curve)) > kRatio;
    return clearly ? curve : reader::CertaintyCurve{};
}

Threshold threshold_for(std::vector<Sample> samples, double target) {
    return lowest(std::move(samples), 0, [&](const Interval& share) { return share.high <= target; });
}

Threshold threshold_against(std::vector<Sample> samples, double target, double at_least) {
    return lowest(std::move(samples), at_least, [&](const Interval& share) { return share.low <= target; });
}

}  // namespace pleiade::cli
