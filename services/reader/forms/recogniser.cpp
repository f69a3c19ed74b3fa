#include "services/reader/forms/recogniser.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>

#include "common/base/check.h"
#include "services/reader/forms/alignment.h"
#include "services/reader/forms/blank_files.h"
#include "services/reader/forms/form_index.h"
#include "services/reader/forms/landmarks.h"
#include "services/reader/forms/probes.h"
#include "services/reader/forms/rivals.h"

namespace pleiade::reader::forms {
namespace {

constexpr int kLandmarksOfForm = 500;
constexpr int kLandmarksOfPage = 400;
constexpr int kLandmarksMin = 20;  // a page with fewer bears next to no print
constexpr int kCandidates = 6;
// Measured on real blanks (README.md): pages that bear the form score 0.97 and more, those that do not 0.3 and less.
constexpr double kKnownScore = 0.90;
constexpr double kMissingShareMax = 0.02;  // of the blocks that can be seen
constexpr int kMissingMax = 2;             // on pages of little print
constexpr double kSeenShareMin = 0.5;
constexpr int kFoundMin = 16;
constexpr double kRelatedScore = 0.45;
constexpr double kRivalScore = 0.45;  // a blank that fits another one as well as that is its rival

double thread_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

class Timer {
  public:
    explicit Timer(double* into) : into_(into), begun_(into == nullptr ? 0 : thread_ms()) {}
    ~Timer() {
        if (into_ != nullptr) *into_ += thread_ms() - begun_;
    }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

  private:
    double* into_;
    double begun_;
};

bool fits_whole(const Verification& v) {
    const int seen = v.found + v.missing;
    const bool nothing_missing = v.missing <= std::max<int>(kMissingMax, static_cast<int>(kMissingShareMax * seen));
    return v.score >= kKnownScore && nothing_missing && v.seen_share >= kSeenShareMin && v.found >= kFoundMin;
}

PageLook look_at_blank(const cv::Mat& ink) {
    vision::PageSketch sketch;
    sketch.ink = ink;
    return look_at(sketch, 0, 0);
}

}  // namespace

struct Recogniser::Inside {
    struct Rival {
        int form = 0;
        double score = 0;
        cv::Matx33d to_this;  // pixels of the rival's blank -> pixels of this one's
        Differences differences;
    };
    struct Known {
        RegisteredForm form;
        std::string packed;
        std::optional<Probes> probes;
        std::optional<std::vector<Rival>> rivals;
    };
    struct Laid {
        int form = 0;
        Verification verification;
    };
    std::vector<Known> known;
    FormIndex index;

    Known& at(int number) {
        PLEIADE_CHECK(number >= 0 && static_cast<std::size_t>(number) < known.size());
        return known[static_cast<std::size_t>(number)];
    }
    BlankPrint print_of(int number) {
        auto print = parse_print(at(number).packed, "");
        PLEIADE_CHECK(print);
        return std::move(*print);
    }
    cv::Mat ink_of(int number) {
        auto ink = parse_sure_print(at(number).packed, "");
        PLEIADE_CHECK(ink);
        return std::move(*ink);
    }
    const Probes& probes_of(int number) {
        auto& one = at(number);
        if (!one.probes) one.probes = make_probes(ink_of(number));
        return *one.probes;
    }

    // The candidates laid on the page, the best first. Stops at one that fits whole: its rivals are asked elsewhere.
    std::vector<Laid> lay(const PageLook& page, RecogniserCost* cost, int except) {
        Landmarks landmarks;
        std::vector<Candidate> candidates;
        {
            const Timer timer(cost ? &cost->landmarks_ms : nullptr);
            landmarks = find_landmarks(page.small, kLandmarksOfPage);
        }
        if (landmarks.at.size() < kLandmarksMin) return {};
        {
            const Timer timer(cost ? &cost->index_ms : nullptr);
            candidates = index.ask(landmarks, except < 0 ? kCandidates : kCandidates + 4);
        }
        struct Rough {
            int form;
            RoughAlignment alignment;
        };
        std::vector<Rough> roughs;
        {
            const Timer timer(cost ? &cost->align_ms : nullptr);
            for (const auto& candidate : candidates) {
                if (candidate.form == except) continue;
                if (const auto rough = align_landmarks(candidate.matches)) roughs.push_back({candidate.form, *rough});
            }
        }
        std::stable_sort(roughs.begin(), roughs.end(),
                         [](const Rough& a, const Rough& b) { return a.alignment.agreeing > b.alignment.agreeing; });
        if (cost) cost->candidates = static_cast<int>(roughs.size());
        std::vector<Laid> laid;
        const Timer timer(cost ? &cost->verify_ms : nullptr);
        const double k = 1.0 / PageLook::kReduced;
        for (const auto& rough : roughs) {
            const auto to_scan = page.small_to_scan * rough.alignment.to_page * cv::Matx33d::diag({k, k, 1});
            laid.push_back({rough.form, verify(probes_of(rough.form), page, to_scan)});
            if (cost) ++cost->verified;
            if (except < 0 && fits_whole(laid.back().verification)) break;
        }
        std::stable_sort(laid.begin(), laid.end(),
                         [](const Laid& a, const Laid& b) { return a.verification.score > b.verification.score; });
        return laid;
    }

    const std::vector<Rival>& rivals_of(int number) {
        if (at(number).rivals) return *at(number).rivals;
        std::vector<Rival> rivals;
        const cv::Mat ink = ink_of(number);
        for (auto& other : lay(look_at_blank(ink), nullptr, number)) {
            if (other.verification.score < kRivalScore) continue;
            Rival rival;
            rival.form = other.form;
            rival.score = other.verification.score;
            rival.to_this = other.verification.to_scan;
            rival.differences = differences(ink, ink_of(other.form), rival.to_this);
            rivals.push_back(std::move(rival));
        }
        at(number).rivals = std::move(rivals);
        return *at(number).rivals;
    }
};

Recogniser::Recogniser(std::vector<RegisteredForm> forms) : inside_(std::make_unique<Inside>()) {
    for (auto& form : forms) {
        const int number = static_cast<int>(inside_->known.size());
        Inside::Known known;
        known.packed = form.packed.empty() ? write_print(form.print) : std::move(form.packed);
        form.print = {};
        form.packed.clear();
        known.form = std::move(form);
        inside_->known.push_back(std::move(known));
        inside_->index.add(number, find_landmarks(small_of(inside_->ink_of(number)), kLandmarksOfForm));
    }
    inside_->index.build();
}

Recogniser::~Recogniser() = default;
Recogniser::Recogniser(Recogniser&&) noexcept = default;
Recogniser& Recogniser::operator=(Recogniser&&) noexcept = default;

std::size_t Recogniser::size() const {
    return inside_->known.size();
}
const RegisteredForm& Recogniser::form(int number) const {
    return inside_->at(number).form;
}
BlankPrint Recogniser::print_of(int number) const {
    return inside_->print_of(number);
}

std::optional<FormMatch> Recogniser::recognise(const PageLook& page, RecogniserCost* cost) {
    if (inside_->known.empty()) return std::nullopt;
    auto laid = inside_->lay(page, cost, -1);
    if (laid.empty()) return std::nullopt;
    const Timer timer(cost ? &cost->verify_ms : nullptr);
    auto best = std::move(laid.front());
    FormMatch match;
    bool whole = fits_whole(best.verification);
    // Each look-alike is asked about where it differs. One that wins takes the place, once.
    for (int round = 0; whole && round < 2; ++round) {
        std::optional<Inside::Laid> winner;
        match.also.clear();
        for (const auto& rival : inside_->rivals_of(best.form)) {
            switch (choose(rival.differences, page, best.verification.to_scan)) {
                case Choice::First:
                    break;
                case Choice::CannotTell:
                    match.also.push_back(rival.form);
                    break;
                case Choice::Second: {
                    auto other =
                        verify(inside_->probes_of(rival.form), page, best.verification.to_scan * rival.to_this);
                    if (!fits_whole(other)) break;
                    winner = Inside::Laid{rival.form, std::move(other)};
                    break;
                }
            }
            if (winner) break;
        }
        if (!winner) break;
        if (round == 1) {
            whole = false;  // they beat each other in turn: none of them is this page
            break;
        }
        best = std::move(*winner);
    }
    const auto& verified = best.verification;
    if (!whole &&
        (verified.score < kRelatedScore || verified.seen_share < kSeenShareMin || verified.found < kFoundMin)) {
        return std::nullopt;
    }
    match.form = best.form;
    match.score = verified.score;
    match.to_scan = verified.to_scan * cv::Matx33d::diag({pixels_per_mm(), pixels_per_mm(), 1});
    match.fit = !whole ? Fit::OtherVersion : match.also.empty() ? Fit::Known : Fit::SomeVersion;
    if (!whole) match.also.clear();
    return match;
}

std::vector<Recogniser::Resemblance> Recogniser::resemblances(int number) {
    std::vector<Resemblance> found;
    for (const auto& rival : inside_->rivals_of(number)) {
        found.push_back({rival.form, rival.score, static_cast<int>(rival.differences.places.size())});
    }
    return found;
}

}  // namespace pleiade::reader::forms
