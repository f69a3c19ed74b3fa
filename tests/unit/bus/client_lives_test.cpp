#include <gtest/gtest.h>

#include "common/bus/client.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::bus {
namespace {

// Each watches its connection under a name of its own, which outlives it for a moment: at the same address, that of the
// one before was still taken now and then.
TEST(ClientLives, FollowEachOtherAtTheSameAddress) {
    const test::TemporaryFolder folder;
    for (int i = 0; i < 300; ++i) {
        EXPECT_NO_THROW(Client("ipc://" + folder.path().string() + "/nobody")) << i;
    }
}

}  // namespace
}  // namespace pleiade::bus
