// Version 1 of 2D-Doc: the bytes of its signature stand right behind the data.
#include <gtest/gtest.h>

#include <random>

#include "services/reader/two_d_doc/claims.h"
#include "services/reader/two_d_doc/document.h"
#include "services/reader/two_d_doc/seal.h"
#include "tests/unit/reader/two_d_doc_parsed.h"
#include "tests/unit/reader/two_d_doc_samples.h"
#include "tests/unit/reader/two_d_doc_signer.h"

namespace pleiade::reader::two_d_doc {
namespace {

TrustList trusting(const Signer& signer) {
    auto list = TrustList::parse(trust_csv("FR99;TEST;;;" + signer.public_key() + "\n"), "keys.csv");
    EXPECT_TRUE(list) << (list ? "" : list.error().message);
    return list ? *list : TrustList{};
}

std::string last_name_of(const Document& document) {
    for (const auto& claim : claims_of(document, shipped_data(), Seal::Verified, kToday)) {
        if (claim.field == "last_name" && claim.status == FieldStatus::Valid) return claim.value;
    }
    return "";
}

// As barcode readers hand bytes over: each above 7F in two.
std::string utf8_of(const std::string& bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xC0 | (byte >> 6));
            text += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return text;
}

const std::string kMessageV1 = with_separators("DC01FR99TEST260026000762DUPONT<GS>60ANNE/MARIE<GS>6912071973");

TEST(TwoDDoc, VerifiesTheBytesThatVersionOneSignsWithOnEachCurve) {
    const Signer signers[] = {{"P-256", EVP_sha256(), 32}, {"P-384", EVP_sha384(), 48}, {"P-521", EVP_sha512(), 66}};
    for (const auto& signer : signers) {
        const auto trust = trusting(signer);
        for (const char* before : {"", "\x1F"}) {
            const auto document = parsed(utf8_of(kMessageV1 + before + signer.sign(kMessageV1)));
            EXPECT_EQ(document.signed_text, kMessageV1);
            EXPECT_EQ(judge_seal(document, trust).seal, Seal::Verified);
            EXPECT_EQ(last_name_of(document), "DUPONT");
        }
    }
}

TEST(TwoDDoc, NeitherBelievesNorAccusesAVersionOneWhoseBytesChanged) {
    const Signer signer("P-256", EVP_sha256(), 32);
    const auto trust = trusting(signer);
    const auto whole = kMessageV1 + signer.sign(kMessageV1);
    std::mt19937 random(5);
    for (int round = 0; round < 300; ++round) {
        auto bytes = whole;
        const auto at = 22 + random() % (bytes.size() - 22);
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1 + random() % 255));
        const auto document = parse(utf8_of(bytes), shipped_data());
        if (document) {
            EXPECT_EQ(judge_seal(*document, trust).seal, Seal::Unverified) << "byte " << at;
        }
    }
    // The reader took the bytes for another writing: the data are there, the signature is not.
    const auto lost = parsed(kMessageV1 + "\xE3\x81\x82\xE3\x81\x84");
    EXPECT_EQ(lost.signature, "");
    EXPECT_EQ(judge_seal(lost, trust).seal, Seal::Unverified);
}

TEST(TwoDDoc, TakesThePublishedVersionOneApartThoughItsSignatureHoldsASeparator) {
    const std::string signature(
        "\xE7\xD6\x1F\x9A\x5D\x9D\xD6\x37\xB6\x6B\x67\x00\x9B\xC7\x18\x2C\x89\xA8\x85\xD6\x4D\x3E"
        "\x4C\xF3\xCC\x56\xB6\xFB\x0B\x8F\x26\xFF\xD5\x91\x04\x4E\xF3\xE8\xAA\x49\x36\xC7\xFE\x67"
        "\x66\xC1\x32\x13\xBE\xC9\x6C\xE8\xE7\x21\x19\xF0\xE8\x2F\xD0\x64\xE8\x67\x71\x3C",
        64);
    const auto document =
        parsed(utf8_of("DC01FR01SFR0124B124C0126FR240616010M/SERME/GABRIEL\x1D"
                       "2255 AVENUE CANNES\x1D"
                       "25ANTIBES\x1D"
                       "18859453627\x1D" +
                       signature));
    EXPECT_EQ(document.signature, signature);
    EXPECT_EQ(document.value("25"), "ANTIBES");
    EXPECT_EQ(document.value("22"), "55 AVENUE CANNES");
}

}  // namespace
}  // namespace pleiade::reader::two_d_doc
