// Reads what the decoder left in its memfd. The child may have been taken over by the file that it opened: nothing it
// wrote is believed before it was measured against the limits and against the size of the memfd.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/vision/decode.h"
#include "common/vision/decoder_protocol.h"

namespace pleiade::vision {

struct RunRecords {
    int page_total = -1;  // -1: the child did not come that far
    std::map<int, PageImage> pages;
    std::map<int, cv::Size> sizes;  // of `pages` and of those to render
    std::vector<int> to_render;
    std::optional<int> next_page;  // set once every pixel of the run is there
    std::optional<Error> verdict;
    bool ended = false;
    bool malformed = false;  // a record that no sound decoder writes
};

struct RecordExpectations {
    int first = 0;
    int count = 0;
    int pages_max = 0;
    std::size_t page_pixels_max = 0;
    bool pixels = true;
};

// The child has ended: nobody writes to `fd` any more.
RunRecords read_records(int fd, const RecordExpectations& expected);

}  // namespace pleiade::vision
