#include "common/runtime/secrets.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace pleiade::runtime {
namespace {

TEST(Secrets, APasswordIsKeptAsArgon2idOf64MiBAndThreePasses) {
    const std::string hash = hash_password("Un mot de passe 1!");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=3,")) << hash;
    EXPECT_TRUE(verify_password(hash, "Un mot de passe 1!"));
    EXPECT_FALSE(verify_password(hash, "Un mot de passe 1"));
    EXPECT_FALSE(verify_password("", ""));
    EXPECT_FALSE(verify_password(hash_of_nobody(), ""));
}

TEST(Secrets, WeakPasswordsAreRefusedWithTheReason) {
    for (const char* weak : {"", "court 1A!", "toutenminuscules", "Sanschiffre!!!", "jeanne-Dupont-1!"}) {
        EXPECT_TRUE(weakness_of(weak, "jeanne").has_value()) << weak;
    }
    for (const char* good : {"Douze-cars-1!", "une phrase assez longue pour suffire"}) {
        EXPECT_FALSE(weakness_of(good, "jeanne").has_value()) << good;
    }
    EXPECT_FALSE(weakness_of(one_time_password(), "jeanne").has_value());
}

TEST(Secrets, TokensHave256BitsAndNeverRepeat) {
    const std::string one = random_token();
    EXPECT_EQ(one.size(), 43U);
    EXPECT_NE(one, random_token());
    EXPECT_EQ(digest_of(one).size(), kDigestBytes);
    EXPECT_EQ(keyed_digest_hex(one, "csrf").size(), 64U);
    EXPECT_NE(keyed_digest_hex(one, "csrf"), keyed_digest_hex(random_token(), "csrf"));
    EXPECT_TRUE(same_secret("abc", "abc"));
    EXPECT_FALSE(same_secret("abc", "abd"));
    EXPECT_FALSE(same_secret("abc", "ab"));
}

TEST(Secrets, WhoFindsNoPlaceToHashIsToldSo) {
    PasswordGate gate(std::chrono::milliseconds(0));
    const std::string hash = hash_password("x");
    std::atomic<int> done{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 24; ++i) {
        threads.emplace_back([&] { ++(gate.verify(hash, "x") ? done : refused); });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_GT(refused, 0) << "at most four at once";
    EXPECT_GE(done, 4);
}

}  // namespace
}  // namespace pleiade::runtime
