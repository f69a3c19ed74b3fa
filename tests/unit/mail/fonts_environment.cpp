// The font libraries keep memory for the life of the process: given back, so that a real leak shows.
#include <gtest/gtest.h>

#include "tests/mail/canvas.h"

namespace {

class Fonts : public testing::Environment {
  public:
    void TearDown() override { pleiade::mail::Canvas::forget_fonts(); }
};
const auto* const kFonts = testing::AddGlobalTestEnvironment(new Fonts);

}  // namespace
