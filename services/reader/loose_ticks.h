// Boxes to tick on a page that bears no registered form: another print run, a version that nobody registered yet.
//
// Operation: where the page's words ask a question of tick_words.csv, that stretch is cut out of the scan, its boxes
// are found, named by the words beside them as those of a blank are (forms/tick_words.h), and judged like them. A
// question whose answers are printed and whose boxes are not found, not told apart or not all there is one doubtful
// box: what hangs on it is for a person to say.
//
// Limits: squares and circles (tick_boxes.h). A question that text recognition lost is not seen. A list whose words ask
// by themselves («initial», «prolongation») is read where two of its answers stand on one line. Pure. A tenth of a
// millisecond on a page that asks nothing, 2 ms a question.
#pragma once

#include <vector>

#include "common/vision/page_image.h"
#include "services/reader/forms/form_page.h"
#include "services/reader/forms/tick_words.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// `scan`: the page that `text` was read on. Zones of kind Tick with their group; boxes in pixels of the upright page.
std::vector<forms::PlacedZone> find_loose_ticks(const vision::PageImage& scan, const OcrPage& text,
                                                const forms::TickWords& table);

}  // namespace pleiade::reader
