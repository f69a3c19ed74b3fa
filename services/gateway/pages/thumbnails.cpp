#include "services/gateway/pages/thumbnails.h"

namespace pleiade::gateway {

namespace {

auto key_of(const PageImageRequest& request) {
    return std::tuple(request.pli.str(), request.sha256, request.index);
}

}  // namespace

std::optional<EncodedPage> Thumbnails::find(const PageImageRequest& request) {
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(key_of(request));
    if (found == kept_.end()) return std::nullopt;
    latest_first_.splice(latest_first_.begin(), latest_first_, found->second);
    return found->second->image;
}

void Thumbnails::keep(const PageImageRequest& request, EncodedPage thumbnail) {
    const std::scoped_lock lock(mutex_);
    auto key = key_of(request);
    if (kept_.contains(key)) return;
    bytes_ += thumbnail.bytes.size();
    latest_first_.push_front(Kept{key, std::move(thumbnail)});
    kept_.emplace(std::move(key), latest_first_.begin());
    while (bytes_ > bytes_max_ && !latest_first_.empty()) {
        bytes_ -= latest_first_.back().image.bytes.size();
        kept_.erase(latest_first_.back().key);
        latest_first_.pop_back();
    }
}

}  // namespace pleiade::gateway
