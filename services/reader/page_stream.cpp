#include "services/reader/page_stream.h"

#include <algorithm>
#include <cmath>

namespace pleiade::reader {
namespace {

constexpr double kSamePage = 0.45;  // two copies of one form, filled in differently, share more than that
constexpr double kNamed = 0.8;      // a page whose own type is that likely stands on its own feet
constexpr double kHalf = 0.5;       // a notice speaks of its form above all others
constexpr int kFewWords = 12;       // stamps, a signature, a page number: what a verso bears
// By its wording alone (ADR 15). What has a name is no longer secret as what nobody knows is: two in three, at least.
constexpr double kNamedAtLeast = 0.67, kNamedAtMost = 0.73;
constexpr std::size_t kPagesMax = 40;  // a document of ours that goes on longer is a wrong cut

struct Leaf {
    const PageEvidence* page;
    std::string notice_of;  // type whose notice it is, UNKNOWN when that is not said; empty when it is none
};

struct Sheaf {
    std::vector<Leaf> leaves;
    bool cut_certain = true;

    bool only_notices() const {
        return std::all_of(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return !leaf.notice_of.empty(); });
    }
    int forms() const {
        return static_cast<int>(
            std::count_if(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return leaf.notice_of.empty(); }));
    }
    std::vector<Hit> hits() const {
        std::vector<Hit> all;
        for (const auto& leaf : leaves) all.insert(all.end(), leaf.page->hits.begin(), leaf.page->hits.end());
        return all;
    }
};

// A letter of which nothing else speaks clearly enough bears the name that its wording is likelier than not to mean,
// unless some phrase leads elsewhere. Never certain: the person who looks finds a name to confirm instead of none.
// Forms, and what bears the number of an unknown one, are left alone.
void name_by_wording(const std::vector<const PageEvidence*>& pages, Verdict& verdict) {
    if (verdict.type != kUnknownType) return;
    const Hit* wording = nullptr;
    bool led_elsewhere = false, unknown_form = false;
    for (const auto* page : pages) {
        const bool letter = page->opens_letter || page->closes_letter || page->scrawled();
        for (const auto& hit : page->hits) {
            if (hit.kind == EvidenceKind::Wording) {
                if (letter && (wording == nullptr || hit.weight > wording->weight)) wording = &hit;
            } else if (hit.kind != EvidenceKind::Mark && hit.weight > 0) {
                led_elsewhere |= hit.type == verdict.leading;
                unknown_form |= hit.type == kUnknownType;
            }
        }
    }
    if (wording == nullptr || unknown_form || (led_elsewhere && wording->type != verdict.leading)) return;
    const double likely = 1 / (1 + std::exp(-wording->weight));
    if (likely < kNamedAtLeast) return;
    verdict.type = wording->type;
    verdict.confidence = std::min(likely, kNamedAtMost);
    verdict.grounds = {*wording};
}

class Stream {
  public:
    Stream(const Nomenclature& nomenclature, const TypageSettings& settings)
        : nomenclature_(nomenclature), settings_(settings) {}

    void take(const PageEvidence& page) {
        const auto verdict = judge(page.hits, settings_);
        const Leaf leaf{&page, notice_of(page, verdict)};
        switch (sheaves_.empty() ? Step::Open : step_for(leaf, verdict)) {
            case Step::Open:
                open(leaf, verdict);
                break;
            case Step::OpenDoubtful:
                sheaves_.back().cut_certain = false;
                open(leaf, verdict);
                sheaves_.back().cut_certain = false;
                break;
            case Step::Join:
                sheaves_.back().leaves.push_back(leaf);
                break;
            case Step::JoinDoubtful:
                sheaves_.back().leaves.push_back(leaf);
                sheaves_.back().cut_certain = false;
                break;
        }
        remember(page, verdict);
    }

    std::vector<PageGroup> finish() {
        join_notices();
        std::vector<PageGroup> groups;
        for (const auto& sheaf : sheaves_) {
            PageGroup group;
            for (const auto& leaf : sheaf.leaves) group.pages.push_back(leaf.page);
            group.cut_certain = sheaf.cut_certain;
            group.verdict = judge(sheaf.hits(), settings_);
            name_by_wording(group.pages, group.verdict);
            group.notice_only = sheaf.only_notices();
            if (group.notice_only) {
                auto grounds = std::move(group.verdict.grounds);
                group.verdict = Verdict{};
                group.verdict.grounds = std::move(grounds);
            }
            groups.push_back(std::move(group));
        }
        return groups;
    }

  private:
    enum class Step { Open, OpenDoubtful, Join, JoinDoubtful };

    void open(const Leaf& leaf, const Verdict& verdict) {
        sheaves_.emplace_back();
        sheaves_.back().leaves.push_back(leaf);
        // "3/6" without what comes before: its document lost pages, or they lie elsewhere in the pli.
        sheaves_.back().cut_certain = !leaf.page->page_mark || leaf.page->page_mark->number == 1;
        type_ = verdict.leading_share >= kNamed ? verdict.leading : std::string(kUnknownType);
        last_volet_ = 0;
        last_mark_ = {};
    }
    void remember(const PageEvidence& page, const Verdict& verdict) {
        if (page.volet) last_volet_ = *page.volet;
        if (page.page_mark) last_mark_ = *page.page_mark;
        if (type_ == kUnknownType && verdict.leading_share >= kNamed) type_ = verdict.leading;
    }

    // By its number, by its heading, or as the next numbered page of a notice.
    std::string notice_of(const PageEvidence& page, const Verdict& verdict) const {
        if (!page.notice_of.empty()) return page.notice_of;
        if (page.notice_heading) {
            return verdict.leading_share >= kHalf ? verdict.leading : std::string(kUnknownType);
        }
        if (sheaves_.empty() || !follows_by_number(page) || refers(page, [](const Hit&) { return true; })) return {};
        return sheaves_.back().leaves.back().notice_of;
    }

    bool follows_by_number(const PageEvidence& page) const {
        return page.page_mark && last_mark_.total == page.page_mark->total &&
               page.page_mark->number == last_mark_.number + 1;
    }

    static bool has_title(const PageEvidence& page, const std::string& type) {
        return std::any_of(page.hits.begin(), page.hits.end(),
                           [&](const Hit& hit) { return hit.title && hit.type == type; });
    }
    // A letter that is addressed opens a document; one that is not is enclosed with it.
    bool is_for_us(const PageEvidence& page) const {
        return page.addressed || std::any_of(page.hits.begin(), page.hits.end(), [&](const Hit& hit) {
                   return hit.kind == EvidenceKind::Addressee && hit.weight > 0 && hit.type == type_;
               });
    }
    static bool has_head(const PageEvidence& page, const std::string& type) {
        return std::any_of(page.hits.begin(), page.hits.end(),
                           [&](const Hit& hit) { return hit.at_head && hit.weight > 0 && hit.type == type; });
    }
    // Bears the own number or reference of a form that is such.
    template <class Such>
    static bool refers(const PageEvidence& page, Such such) {
        return std::any_of(page.hits.begin(), page.hits.end(),
                           [&](const Hit& hit) { return hit.reference && hit.weight > 0 && such(hit); });
    }
    bool refers_here(const PageEvidence& page) const {
        return refers(page, [&](const Hit& hit) { return hit.type == type_; });
    }
    // A page before bears the number of that form, though it was not enough to name it.
    bool is_referred_to(const std::string& type) const {
        const auto& leaves = sheaves_.back().leaves;
        return std::any_of(leaves.begin(), leaves.end(), [&](const Leaf& leaf) {
            return refers(*leaf.page, [&](const Hit& hit) { return hit.type == type; });
        });
    }
    bool refers_elsewhere(const PageEvidence& page) const {
        return type_ != kUnknownType && refers(page, [&](const Hit& hit) { return hit.type != type_; });
    }

    // The open form usually has more pages.
    bool unfinished() const {
        const auto* type = nomenclature_.find(type_);
        return type != nullptr && sheaves_.back().leaves.size() < static_cast<std::size_t>(type->typical_pages);
    }

    Step step_for(const Leaf& leaf, const Verdict& verdict) const {
        const auto& page = *leaf.page;
        const auto& sheaf = sheaves_.back();
        const auto& last = sheaf.leaves.back();
        const bool named = verdict.leading_share >= kNamed;
        if (sheaf.leaves.size() >= kPagesMax) return Step::Open;
        // A notice follows or precedes its form.
        if (!leaf.notice_of.empty()) {
            const bool same = leaf.notice_of == type_ && type_ != kUnknownType;
            return same || (leaf.notice_of == last.notice_of && follows_by_number(page)) ? Step::Join : Step::Open;
        }
        if (sheaf.only_notices()) {
            return named && verdict.leading == last.notice_of ? Step::Join : Step::Open;
        }
        // "2/6" after "1/6".
        if (page.page_mark && page.page_mark->number == 1) return Step::Open;
        if (follows_by_number(page) && !refers_elsewhere(page)) return Step::Join;
        if (named && verdict.leading == type_) return step_of_same_type(page, sheaf);
        if (refers_here(page)) return Step::Join;
        if (named && type_ == kUnknownType && is_referred_to(verdict.leading)) return Step::Join;
        // It bears the running title of the open form, whatever else it speaks of.
        if (has_title(page, type_) && !has_title(page, verdict.leading) && !refers_elsewhere(page)) {
            return step_of_same_type(page, sheaf);
        }
        if (named) return Step::Open;
        return step_of_unnamed(page, *last.page);
    }

    // Another volet or page of the form, or the same form once more?
    Step step_of_same_type(const PageEvidence& page, const Sheaf& sheaf) const {
        const auto* type = nomenclature_.find(type_);
        const bool titled = has_title(page, type_);
        if (page.volet && last_volet_ > 0) return *page.volet > last_volet_ ? Step::Join : Step::Open;
        if (page.page_mark) return page.page_mark->number > 1 ? Step::Join : Step::Open;
        const bool again = std::any_of(sheaf.leaves.begin(), sheaf.leaves.end(),
                                       [&](const Leaf& earlier) { return likeness(page, *earlier.page) >= kSamePage; });
        // The volet after those that do not show theirs.
        if (page.volet && *page.volet == sheaf.forms() + 1 && *page.volet > 1) return Step::Join;
        // Where only one of them shows its volet, the other volet may be hidden.
        if (again && page.volet.has_value() != (last_volet_ > 0)) return Step::JoinDoubtful;
        if (again) return Step::Open;
        if (page.opens_letter && titled && is_for_us(page)) return Step::Open;
        const bool one_page = type != nullptr && type->typical_pages <= 1 && type->parts.empty();
        if (!one_page) return Step::Join;
        if (titled || has_head(page, type_)) return Step::Open;
        // A second page that says the same by itself: the rest of a long document, or another one without its head.
        const auto& last = *sheaf.leaves.back().page;
        return last.opens_letter && !last.closes_letter ? Step::Join : Step::JoinDoubtful;
    }

    // Nothing names this page: a verso, a letter's second page, or something that we do not know.
    Step step_of_unnamed(const PageEvidence& page, const PageEvidence& last) const {
        if (page.words == 0) return Step::JoinDoubtful;  // a picture, scribbles, or a blank with a stain
        if (page.words < kFewWords) return Step::Join;
        if (page.page_mark && page.page_mark->number > 1) return Step::Join;
        if (page.foreign != last.foreign) return Step::Open;
        if (page.opens_letter) return Step::Open;
        if (last.opens_letter && !last.closes_letter) return Step::Join;
        if (unfinished()) return Step::Join;
        if (type_ == kUnknownType && !last.closes_letter) return Step::JoinDoubtful;
        return Step::Open;
    }

    // A notice that came before its form, or after it with another page between.
    void join_notices() {
        for (std::size_t i = 0; i + 1 < sheaves_.size();) {
            auto& here = sheaves_[i];
            auto& next = sheaves_[i + 1];
            const auto& of = here.leaves.front().notice_of;
            const auto verdict = judge(next.hits(), settings_);
            if (!here.only_notices() || verdict.leading != of || verdict.leading_share < kNamed) {
                ++i;
                continue;
            }
            here.leaves.insert(here.leaves.end(), next.leaves.begin(), next.leaves.end());
            here.cut_certain = here.cut_certain && next.cut_certain;
            sheaves_.erase(sheaves_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
    }

    const Nomenclature& nomenclature_;
    const TypageSettings& settings_;
    std::vector<Sheaf> sheaves_;
    std::string type_;  // of the open sheaf, as far as it is known
    int last_volet_ = 0;
    PageMark last_mark_;
};

}  // namespace

std::vector<PageGroup> group_pages(const std::vector<const PageEvidence*>& pages, const Nomenclature& nomenclature,
                                   const TypageSettings& settings) {
    Stream stream(nomenclature, settings);
    for (const auto* page : pages) stream.take(*page);
    return stream.finish();
}

}  // namespace pleiade::reader
