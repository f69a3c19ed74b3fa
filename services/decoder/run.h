// Does a job: pages first, barcodes once every pixel is safe in the output.
#pragma once

#include <functional>
#include <optional>

#include "services/decoder/job.h"
#include "services/decoder/output.h"

namespace pleiade::decoder {

// Operation: writes the pages of the job, of a file that has `total`, and then the codes on them. `page(index)` gives a
// page, or nothing once it has told the output that the page is for the renderer.
void write_pages(const Job& job, int total, Output& output, const std::function<std::optional<Page>(int)>& page);

// TIFF, JPEG, PNG and what pdftoppm writes.
void run_image(const Job& job, Bytes input, Output& output);

}  // namespace pleiade::decoder
