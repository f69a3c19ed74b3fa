#include "services/reader/typage.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pleiade::reader {
namespace {

struct Scores {
    double titles = 0;  // the best title counts, a second one says nothing more
    double others = 0;
    double phrases = 0;  // together at most text_total_max
    double against = 0;
};

}  // namespace

Verdict judge(const std::vector<Hit>& hits, const TypageSettings& settings) {
    std::map<std::string, const Hit*> once;
    for (const auto& hit : hits) {
        auto& kept = once[hit.type + '|' + hit.key];
        if (kept == nullptr || std::abs(hit.weight) > std::abs(kept->weight)) kept = &hit;
    }
    std::map<std::string, Scores> scores;
    for (const auto& [key, hit] : once) {
        auto& score = scores[hit->type];
        if (hit->weight < 0) {
            score.against += hit->weight;
        } else if (hit->title) {
            score.titles = std::max(score.titles, hit->weight);
        } else if (hit->kind == EvidenceKind::Text) {
            score.phrases += hit->weight;
        } else {
            score.others += hit->weight;
        }
    }
    const auto log_odds = [&](const Scores& s) {
        return s.titles + s.others + std::min(s.phrases, settings.text_total_max) + s.against;
    };

    const std::string unknown(kUnknownType);
    const auto unknown_scores = scores.find(unknown);
    double unknown_odds = settings.unknown_prior;
    if (unknown_scores != scores.end()) {
        const auto& s = unknown_scores->second;
        unknown_odds += s.titles + s.others + s.phrases + s.against;
    }
    Verdict verdict;
    double best = -1e9;
    for (const auto& [type, score] : scores) {
        if (type != unknown && log_odds(score) > best) {
            best = log_odds(score);
            verdict.leading = type;
        }
    }
    const double highest = std::max(best, unknown_odds);
    double total = std::exp(unknown_odds - highest);
    for (const auto& [type, score] : scores) {
        if (type != unknown) total += std::exp(log_odds(score) - highest);
    }
    verdict.leading_share = verdict.leading.empty() ? 0 : std::exp(best - highest) / total;
    if (!verdict.leading.empty() && verdict.leading_share >= settings.named_min) {
        verdict.type = verdict.leading;
        verdict.confidence = std::min(verdict.leading_share, settings.curve(verdict.leading_share));
        verdict.certain = verdict.confidence >= settings.certain_min_for(verdict.type);
    } else {
        verdict.confidence = std::exp(unknown_odds - highest) / total;
    }
    for (const auto& [key, hit] : once) {
        if (hit->type == verdict.type && hit->weight > 0) verdict.grounds.push_back(*hit);
    }
    std::sort(verdict.grounds.begin(), verdict.grounds.end(),
              [](const Hit& a, const Hit& b) { return a.weight > b.weight; });
    return verdict;
}

}  // namespace pleiade::reader
