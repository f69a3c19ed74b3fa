#include "services/gateway/access/view_journal.h"

namespace pleiade::gateway {

namespace {

constexpr const char* kActor = "gateway";
constexpr int kViewsMax = 256;

}  // namespace

Result<void> ViewJournal::note(v1::PageView view) {
    std::unique_lock lock(mutex_);
    if (!gathering_ || gathering_->views.views_size() >= kViewsMax) gathering_ = std::make_shared<Batch>();
    const std::shared_ptr<Batch> mine = gathering_;
    mine->views.set_by(kActor);
    *mine->views.add_views() = std::move(view);
    done_.wait(lock, [&] { return mine->done || !sending_; });
    if (!mine->done) {
        // Nobody is asking: this one does, for all who have gathered.
        sending_ = true;
        if (gathering_ == mine) gathering_.reset();
        lock.unlock();
        const auto noted = desk_.ask<v1::ViewsNoted>(mine->views);
        lock.lock();
        sending_ = false;
        mine->done = true;
        if (!noted) mine->error = noted.error();
        done_.notify_all();
    }
    if (mine->error) return tl::unexpected<Error>(*mine->error);
    return {};
}

}  // namespace pleiade::gateway
