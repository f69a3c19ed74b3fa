#include "services/reader/page_stream.h"

#include <algorithm>

namespace pleiade::reader {
namespace {

constexpr double kSamePage = 0.45;     // two copies of one form, filled in differently, share more than that
constexpr double kNamed = 0.8;         // a page whose own type is that likely stands on its own feet
constexpr int kFewWords = 12;          // stamps, a signature, a page number: what a verso bears
constexpr std::size_t kPagesMax = 40;  // a document of ours that goes on longer is a wrong cut

class Stream {
  public:
    Stream(const Nomenclature& nomenclature, const TypageSettings& settings)
        : nomenclature_(nomenclature), settings_(settings) {}

    void take(const PageEvidence& page) {
        const auto verdict = judge(page.hits, settings_);
        switch (groups_.empty() ? Step::Open : step_for(page, verdict)) {
            case Step::Open:
                open(page, verdict);
                break;
            case Step::Join:
                groups_.back().pages.push_back(&page);
                break;
            case Step::JoinDoubtful:
                groups_.back().pages.push_back(&page);
                groups_.back().cut_certain = false;
                break;
        }
        remember(page, verdict);
    }

    std::vector<PageGroup> finish() {
        join_notices();
        for (auto& group : groups_) {
            std::vector<Hit> hits;
            for (const auto* page : group.pages) hits.insert(hits.end(), page->hits.begin(), page->hits.end());
            group.verdict = judge(hits, settings_);
            group.notice_only = only_notices(group);
            if (group.notice_only) {
                const auto grounds = group.verdict.grounds;
                group.verdict = Verdict{};
                group.verdict.grounds = grounds;
            }
        }
        return std::move(groups_);
    }

  private:
    enum class Step { Open, Join, JoinDoubtful };

    void open(const PageEvidence& page, const Verdict& verdict) {
        groups_.emplace_back();
        groups_.back().pages.push_back(&page);
        type_ = verdict.leading_share >= kNamed ? verdict.leading : std::string(kUnknownType);
        last_volet_ = 0;
        last_mark_ = {};
        forms_ = 0;
    }
    void remember(const PageEvidence& page, const Verdict& verdict) {
        if (page.volet) last_volet_ = *page.volet;
        if (page.page_mark) last_mark_ = *page.page_mark;
        if (type_ == kUnknownType && verdict.leading_share >= kNamed) type_ = verdict.leading;
        if (page.notice_of.empty()) ++forms_;
    }

    static bool has_title(const PageEvidence& page, const std::string& type) {
        return std::any_of(page.hits.begin(), page.hits.end(),
                           [&](const Hit& hit) { return hit.title && hit.type == type; });
    }

    Step step_for(const PageEvidence& page, const Verdict& verdict) const {
        const auto& group = groups_.back();
        const auto& last = *group.pages.back();
        const bool named = verdict.leading_share >= kNamed;
        if (group.pages.size() >= kPagesMax) return Step::Open;
        // A notice follows or precedes its form.
        if (!page.notice_of.empty()) return page.notice_of == type_ ? Step::Join : Step::Open;
        if (!last.notice_of.empty() && forms_ == 0) {
            return named && verdict.leading == last.notice_of ? Step::Join : Step::Open;
        }
        // "2/6" after "1/6".
        if (page.page_mark && page.page_mark->number == 1) return Step::Open;
        if (page.page_mark && last_mark_.total == page.page_mark->total &&
            page.page_mark->number == last_mark_.number + 1 && (!named || verdict.leading == type_)) {
            return Step::Join;
        }
        if (named && verdict.leading == type_) return step_of_same_type(page, group);
        if (named) return Step::Open;
        return step_of_unnamed(page, last);
    }

    // Another volet or page of the form, or the same form once more?
    Step step_of_same_type(const PageEvidence& page, const PageGroup& group) const {
        const auto* type = nomenclature_.find(type_);
        const bool titled = has_title(page, type_);
        if (page.volet && last_volet_ > 0) return *page.volet > last_volet_ ? Step::Join : Step::Open;
        if (page.page_mark) return page.page_mark->number > 1 ? Step::Join : Step::Open;
        const bool again = std::any_of(group.pages.begin(), group.pages.end(), [&](const PageEvidence* earlier) {
            return likeness(page, *earlier) >= kSamePage;
        });
        if (again) return Step::Open;
        if (page.opens_letter && titled) return Step::Open;
        if (!titled) return Step::Join;
        if (type != nullptr && type->typical_pages <= 1 && type->parts.empty()) return Step::Open;
        return Step::Join;
    }

    // Nothing names this page: a verso, a letter's second page, or something that we do not know.
    Step step_of_unnamed(const PageEvidence& page, const PageEvidence& last) const {
        if (page.words < kFewWords) return Step::Join;
        if (page.page_mark && page.page_mark->number > 1) return Step::Join;
        if (page.foreign != last.foreign) return Step::Open;
        if (page.opens_letter) return Step::Open;
        const auto* type = nomenclature_.find(type_);
        const auto length = groups_.back().pages.size();
        if (last.opens_letter && !last.closes_letter) return Step::Join;
        if (type != nullptr && length < static_cast<std::size_t>(type->typical_pages)) return Step::Join;
        if (type_ == kUnknownType && !last.closes_letter) return Step::JoinDoubtful;
        return Step::Open;
    }

    // A notice that came before its form, or after it with another page between.
    void join_notices() {
        for (std::size_t i = 0; i + 1 < groups_.size();) {
            auto& here = groups_[i];
            auto& next = groups_[i + 1];
            if (!only_notices(here)) {
                ++i;
                continue;
            }
            const auto& of = here.pages.front()->notice_of;
            std::vector<Hit> hits;
            for (const auto* page : next.pages) hits.insert(hits.end(), page->hits.begin(), page->hits.end());
            const auto verdict = judge(hits, settings_);
            if (verdict.leading != of || verdict.leading_share < kNamed) {
                ++i;
                continue;
            }
            here.pages.insert(here.pages.end(), next.pages.begin(), next.pages.end());
            here.cut_certain = here.cut_certain && next.cut_certain;
            groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
    }

    static bool only_notices(const PageGroup& group) {
        return std::all_of(group.pages.begin(), group.pages.end(),
                           [](const PageEvidence* page) { return !page->notice_of.empty(); });
    }

    const Nomenclature& nomenclature_;
    const TypageSettings& settings_;
    std::vector<PageGroup> groups_;
    std::string type_;  // of the open group, as far as it is known
    int last_volet_ = 0;
    PageMark last_mark_;
    int forms_ = 0;  // pages of the open group that are no notice
};

}  // namespace

std::vector<PageGroup> group_pages(const std::vector<const PageEvidence*>& pages, const Nomenclature& nomenclature,
                                   const TypageSettings& settings) {
    Stream stream(nomenclature, settings);
    for (const auto* page : pages) stream.take(*page);
    return stream.finish();
}

}  // namespace pleiade::reader
