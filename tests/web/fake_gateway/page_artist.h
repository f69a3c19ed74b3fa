// Draws invented pages that agree with their reading: each field's value stands inside its box, each located reason
// under its title, so that what the web page boxes can be checked by eye.
#pragma once

#include <map>
#include <string>

#include "services/gateway/pages/page_images.h"
#include "services/gateway/reference.h"
#include "tests/web/fake/fake_desk.h"

namespace pleiade::gateway::fake {

class PageArtist final : public PageImages {
  public:
    explicit PageArtist(const Reference& reference) : reference_(reference) {}
    // Before the gateway starts.
    void know(const v1::DocumentView& view);

    Result<EncodedPage> encode(const PageImageRequest& request) override;

  private:
    const Reference& reference_;
    std::map<std::string, v1::DocumentView> by_page_;  // "<pli id> <index>"
};

}  // namespace pleiade::gateway::fake
