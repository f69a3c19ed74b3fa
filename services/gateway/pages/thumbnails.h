// Thumbnails of pages that were decoded a moment ago. Who looks at a page looks at the strip of its pli next: decoding
// each page a second time for 310 pixels would cost as much as the page itself.
//
// Concurrency: any thread. Limits: bytes_max of encoded images; the least recently asked for go first. In memory alone.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "services/gateway/pages/page_images.h"

namespace pleiade::gateway {

class Thumbnails {
  public:
    explicit Thumbnails(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    std::optional<EncodedPage> find(const PageImageRequest& request);
    void keep(const PageImageRequest& request, EncodedPage thumbnail);

  private:
    // By pli too: the same file in another compartment is looked up there.
    using Key = std::tuple<std::string, std::string, int>;
    struct Kept {
        Key key;
        EncodedPage image;
    };

    const std::size_t bytes_max_;
    std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::list<Kept> latest_first_;
    std::map<Key, std::list<Kept>::iterator> kept_;
};

}  // namespace pleiade::gateway
