#include "services/reader/two_d_doc/document.h"

#include <gtest/gtest.h>

#include <openssl/evp.h>

#include <random>

#include "services/reader/two_d_doc/base32.h"
#include "services/reader/two_d_doc/claims.h"
#include "services/reader/two_d_doc/seal.h"
#include "tests/unit/reader/two_d_doc_parsed.h"
#include "tests/unit/reader/two_d_doc_samples.h"
#include "tests/unit/reader/two_d_doc_signer.h"

namespace pleiade::reader::two_d_doc {
namespace {

std::string code_of(const std::string& text) {
    const auto document = parse(text, shipped_data());
    return document ? "" : document.error().code;
}
TrustList trusting(const std::string& csv) {
    auto list = TrustList::parse(csv, "keys.csv");
    EXPECT_TRUE(list) << (list ? "" : list.error().message);
    return list ? *list : TrustList{};
}
std::string said(const std::vector<Claim>& claims, const std::string& field, FieldStatus status = FieldStatus::Valid) {
    for (const auto& claim : claims) {
        if (claim.field == field && claim.status == status) return claim.value;
    }
    return "";
}
std::vector<Claim> verified_claims(const std::string& text) {
    const auto document = parsed(text);
    const auto seal = judge_seal(document, trusting(specimen_trust())).seal;
    EXPECT_EQ(seal, Seal::Verified);
    return claims_of(document, shipped_data(), seal, kToday);
}

const std::string kMessageV4 = with_separators("DC04FR99TEST260026000701FR62DUPONT<GS>60ANNE/MARIE<GS>6912071973");

TEST(TwoDDoc, VerifiesTheExamplesOfTheSpecificationInVersionsTwoThreeAndFour) {
    const auto trust = trusting(specimen_trust());
    for (const auto* sample : {&kAddressV2, &kAddressV3, &kBankV3, &kIdentityV3, &kPayslipV3, &kZoneV3, &kTaxV4,
                               &kForeignerV4, &kVaccineV4}) {
        const auto document = parsed(*sample);
        EXPECT_FALSE(document.torn) << document.header.type;
        EXPECT_EQ(judge_seal(document, trust).seal, Seal::Verified) << document.header.type;
    }
}

TEST(TwoDDoc, ReadsTheHeadOfEachVersion) {
    const auto v2 = parsed(kAddressV2).header;
    EXPECT_EQ(v2.version, 2);
    EXPECT_EQ(v2.type + v2.perimeter + v2.authority + v2.certificate, "0101FR000001");
    EXPECT_EQ(v2.issued, (CivilDate{2012, 11, 15}));
    const auto v4 = parsed(kTaxV4).header;
    EXPECT_EQ(v4.version, 4);
    EXPECT_EQ(v4.country, "FR");
    EXPECT_FALSE(v4.issued);
    EXPECT_EQ(parsed("DC01FR01SFR0124B124C0126FR240616010M/SERME/GABRIEL\x1D"
                     "25ANTIBES\x1D")
                  .value("25"),
              "ANTIBES");
}

TEST(TwoDDoc, TellsFixedAndVariableDataApart) {
    const auto payslip = parsed(kPayslipV3);
    EXPECT_EQ(payslip.value("51"), "0157,5");
    EXPECT_EQ(payslip.value("53"), "1231");
    EXPECT_EQ(payslip.value("58"), "1319,24");
    EXPECT_EQ(parsed(kAddressV3).value("20"), "");
    EXPECT_EQ(parsed(kTaxV4).value("41"), "63198");
}

TEST(TwoDDoc, MakesFieldsOfWhatIsSigned) {
    const auto foreigner = verified_claims(kForeignerV4);
    EXPECT_EQ(said(foreigner, "last_name"), "SPECIMEN");
    EXPECT_EQ(said(foreigner, "first_name"), "NATACHA");
    EXPECT_EQ(said(foreigner, "birth_date"), "1973-07-12");
    EXPECT_EQ(said(foreigner, "postal_code"), "75000");
    EXPECT_EQ(said(foreigner, "document_date"), "2020-04-06");
    EXPECT_EQ(said(verified_claims(kTaxV4), "postal_code"), "78320");
    EXPECT_EQ(said(verified_claims(kTaxV4), "last_name"), "");  // which word is the last name is not said
    EXPECT_EQ(said(verified_claims(kAddressV3), "last_name"), "SAMPLE");
    EXPECT_EQ(said(verified_claims(kAddressV3), "postal_code"), "57000");
    EXPECT_EQ(said(verified_claims(kBankV3), "iban"), "FR7030002005500000157845Z02");
    EXPECT_EQ(said(verified_claims(kZoneV3), "birth_date"), "1973-07-12");
    EXPECT_EQ(said(verified_claims(kZoneV3), "first_name"), "NATACHA");
    EXPECT_EQ(said(verified_claims(kVaccineV4), "birth_date"), "1962-05-31");
}

TEST(TwoDDoc, SaysNothingValidWithoutAVerifiedSignature) {
    const auto document = parsed(kForeignerV4);
    const auto unknown = judge_seal(document, TrustList{});
    EXPECT_EQ(unknown.seal, Seal::Unverified);
    EXPECT_NE(unknown.why.find("FR00 0001"), std::string::npos);
    const auto claims = claims_of(document, shipped_data(), unknown.seal, kToday);
    EXPECT_EQ(said(claims, "last_name"), "");
    EXPECT_EQ(said(claims, "last_name", FieldStatus::Unchecked), "SPECIMEN");
}

TEST(TwoDDoc, SaysNothingValidWhenItsDataCouldNotAllBeToldApart) {
    const Signer signer("P-256", EVP_sha256(), 32);
    const auto document = parsed(signer.sealed(with_separators("DC04FR99TEST260026000701FRZZ1<GS>62DUPONT<GS>")));
    const auto seal = judge_seal(document, trusting(trust_csv("FR99;TEST;;;" + signer.public_key() + "\n"))).seal;
    EXPECT_EQ(seal, Seal::Verified);
    const auto claims = claims_of(document, shipped_data(), seal, kToday);
    EXPECT_EQ(said(claims, "last_name"), "");
    EXPECT_EQ(said(claims, "last_name", FieldStatus::Unchecked), "DUPONT");
}

TEST(TwoDDoc, CallsAChangedContentFalseAndTakesNothingFromIt) {
    auto forged = kBankV3;
    forged.replace(forged.find("HENRY"), 5, "BRUNO");
    const auto document = parsed(forged);
    const auto judged = judge_seal(document, trusting(specimen_trust()));
    EXPECT_EQ(judged.seal, Seal::Bad);
    EXPECT_EQ(judged.why.find("BRUNO"), std::string::npos);
    EXPECT_TRUE(claims_of(document, shipped_data(), judged.seal, kToday).empty());
}

TEST(TwoDDoc, VerifiesEachCurveWithItsOwnHash) {
    const Signer signers[] = {{"P-256", EVP_sha256(), 32}, {"P-384", EVP_sha384(), 48}, {"P-521", EVP_sha512(), 66}};
    for (const auto& signer : signers) {
        const auto document = parsed(signer.sealed(kMessageV4));
        const auto trust = trusting(trust_csv("FR99;TEST;;;" + signer.public_key() + "\n"));
        EXPECT_EQ(judge_seal(document, trust).seal, Seal::Verified);
        for (const auto& other : signers) {
            if (&other == &signer) continue;
            const auto wrong = trusting(trust_csv("FR99;TEST;;;" + other.public_key() + "\n"));
            EXPECT_EQ(judge_seal(document, wrong).seal, Seal::Bad);
        }
    }
}

TEST(TwoDDoc, BelievesAKeyOnlyWhileItIsValid) {
    const Signer signer("P-256", EVP_sha256(), 32);
    const auto document = parsed(signer.sealed(kMessageV4));  // signed on 2026-08-21
    const auto seal = [&](const std::string& from, const std::string& to) {
        return judge_seal(document,
                          trusting(trust_csv("FR99;TEST;" + from + ";" + to + ";" + signer.public_key() + "\n")))
            .seal;
    };
    EXPECT_EQ(seal("", ""), Seal::Verified);
    EXPECT_EQ(seal("2020-01-01", "2030-01-01"), Seal::Verified);
    EXPECT_EQ(seal("", "2020-01-01"), Seal::Unverified);
    EXPECT_EQ(seal("2030-01-01", ""), Seal::Unverified);
}

TEST(TwoDDoc, TriesEveryKeyOfARenewedCertificate) {
    const Signer old("P-256", EVP_sha256(), 32), renewed("P-256", EVP_sha256(), 32);
    const auto trust =
        trusting(trust_csv("FR99;TEST;;;" + old.public_key() + "\nFR99;TEST;;;" + renewed.public_key() + "\n"));
    EXPECT_EQ(judge_seal(parsed(renewed.sealed(kMessageV4)), trust).seal, Seal::Verified);
}

TEST(TwoDDoc, AccusesNobodyWhenAccentsMayHaveChangedOnTheWay) {
    const Signer signer("P-256", EVP_sha256(), 32);
    const auto trust = trusting(trust_csv("FR99;TEST;;;" + signer.public_key() + "\n"));
    const std::string latin1 = "DC04FR99TEST260026000701FR62L\xC9ON", utf8 = "DC04FR99TEST260026000701FR62L\xC3\x89ON";
    const auto signature = "\x1F" + base32_of(signer.sign(latin1));
    EXPECT_EQ(judge_seal(parsed(utf8 + signature), trust).seal, Seal::Verified);
    EXPECT_EQ(judge_seal(parsed(utf8 + "!" + signature), trust).seal, Seal::Unverified);
}

TEST(TwoDDoc, LeavesWhatItsIssuerCutAndWhatStandsThereTwice) {
    const auto cut = parsed(with_separators("DC04FR99TEST260026000701FR62DUPON<RS>6912071973"));
    EXPECT_FALSE(cut.value("62"));
    EXPECT_EQ(cut.value("69"), "12071973");
    EXPECT_FALSE(parsed(with_separators("DC04FR99TEST260026000701FR62DUPONT<GS>62MARTIN<GS>")).value("62"));
}

TEST(TwoDDoc, MakesNoValueOfWhatFollowsAnUnknownDatum) {
    const auto unknown = parsed(with_separators("DC04FR99TEST260026000701FRZZ62MARTIN<GS>62DUPONT<GS>"));
    EXPECT_TRUE(unknown.torn);
    EXPECT_EQ(unknown.value("62"), "DUPONT");
    const auto overlong =
        parsed(with_separators("DC04FR99TEST260026000701FR61ANNE CHARLOTTE ELISQQQX62MARTIN<GS>62DUPONT<GS>"));
    EXPECT_TRUE(overlong.torn);
    EXPECT_FALSE(overlong.value("61"));
    EXPECT_EQ(overlong.value("62"), "DUPONT");
}

TEST(TwoDDoc, NeverReadsTheUnsignedAnnex) {
    const Signer signer("P-256", EVP_sha256(), 32);
    const auto document = parsed(signer.sealed(kMessageV4) +
                                 "\x1D"
                                 "6W75000");
    EXPECT_TRUE(document.annexed);
    EXPECT_FALSE(document.value("6W"));
    EXPECT_EQ(judge_seal(document, trusting(trust_csv("FR99;TEST;;;" + signer.public_key() + "\n"))).seal,
              Seal::Verified);
}

TEST(TwoDDoc, LeavesTheDataOfOtherPerimeters) {
    EXPECT_TRUE(parsed(with_separators("DC04FR99TEST260026000702FR62DUPONT<GS>")).values.empty());
}

TEST(TwoDDoc, RefusesWhatIsCutUnknownOrTooLong) {
    EXPECT_EQ(code_of("DC05FR000001FFFF25472801FR"), "TWO_D_DOC_VERSION");
    EXPECT_EQ(code_of("DC00FR000001FFFF25472801FR"), "TWO_D_DOC_VERSION");
    EXPECT_EQ(code_of("DC04FR000001FFFF254728"), "TWO_D_DOC_HEADER");
    EXPECT_EQ(code_of("DC04FR000001GGGG25472801FR"), "TWO_D_DOC_HEADER");
    EXPECT_EQ(code_of("DC04FR00\x1F"
                      "01FFFF25472801FR"),
              "TWO_D_DOC_HEADER");
    EXPECT_EQ(code_of("DC04FR000001FFFF25472801FR\x1F"
                      "1089"),
              "TWO_D_DOC_SIGNATURE");
    EXPECT_EQ(code_of("DC04FR000001FFFF25472801FR" + std::string(5000, 'A')), "TWO_D_DOC_TOO_LARGE");
    EXPECT_FALSE(is_two_d_doc("DC0"));
    EXPECT_FALSE(is_two_d_doc("https://exemple.fr"));
}

TEST(TwoDDoc, StandsCutAndScrambledCodes) {
    const auto trust = trusting(specimen_trust());
    std::mt19937 random(7);
    for (const auto* sample : {&kAddressV2, &kZoneV3, &kTaxV4, &kForeignerV4}) {
        for (std::size_t size = 0; size < sample->size(); ++size) {
            const auto document = parse(sample->substr(0, size), shipped_data());
            if (document) {
                EXPECT_NE(judge_seal(*document, trust).seal, Seal::Verified);
            }
        }
        for (int round = 0; round < 300; ++round) {
            auto text = *sample;
            const auto at = random() % text.size();
            const auto byte = static_cast<char>(random() % 128);
            if (text[at] == byte) continue;
            text[at] = byte;
            const auto document = parse(text, shipped_data());
            if (!document) continue;
            const auto seal = judge_seal(*document, trust).seal;
            // One bit less in the padding of base 32 is the same signature: that is refused before.
            EXPECT_NE(seal, Seal::Verified) << "byte " << at;
            for (const auto& claim : claims_of(*document, shipped_data(), seal, kToday)) {
                EXPECT_NE(claim.status, FieldStatus::Valid);
            }
        }
    }
}

TEST(TwoDDoc, ReadsBase32WithOneWritingOnly) {
    EXPECT_EQ(base32_bytes("MZXW6YTB"), "fooba");
    EXPECT_EQ(base32_bytes("MZXW6YQ="), "foob");
    EXPECT_EQ(base32_bytes("MZXW6YQ"), "foob");
    EXPECT_FALSE(base32_bytes("MZXW6YR"));  // bits left over
    EXPECT_FALSE(base32_bytes("MZXW6Y1"));
    EXPECT_FALSE(base32_bytes("M"));
    EXPECT_EQ(base32_bytes(""), "");
}

TEST(TwoDDocTables, NameTheLineOfAMistake) {
    const auto where = [](const std::string& csv) {
        const auto table = DataTable::parse("id;min;max;field;kind;label\n" + csv, "f.csv");
        return table ? "" : table.error().message;
    };
    EXPECT_EQ(where("62;0;38;last_name;text;Nom\n").find("f.csv"), std::string::npos);
    EXPECT_EQ(where("6;0;38;;text;Nom\n").find("f.csv:2:1"), 0U);
    EXPECT_EQ(where("62;9;3;;text;Nom\n").find("f.csv:2:6"), 0U);
    EXPECT_EQ(where("62;0;38;nom;text;Nom\n").find("f.csv:2:9"), 0U);
    EXPECT_EQ(where("62;0;38;;texte;Nom\n").find("f.csv:2:10"), 0U);
    EXPECT_EQ(where("62;0;38;;text;Nom\n62;0;38;;text;Nom\n").find("f.csv:3:1"), 0U);
}

TEST(TwoDDocTables, RefuseKeysThatAreNone) {
    const auto refused = [](const std::string& row) {
        const auto list = TrustList::parse(trust_csv(row), "keys.csv");
        return !list && list.error().message.find("keys.csv:2:") == 0;
    };
    EXPECT_TRUE(refused("FR0;0001;;;AAAA\n"));
    EXPECT_TRUE(refused("FR00;0001;;;AAAA\n"));
    EXPECT_TRUE(refused("FR00;0001;;;not base64\n"));
    EXPECT_TRUE(refused("FR00;0001;;;\n"));
    EXPECT_TRUE(refused(std::string("FR00;0001;2026-13-01;;") + kSpecimenKey + "\n"));
    const Signer other("secp256k1", EVP_sha256(), 32);
    EXPECT_TRUE(refused("FR00;0001;;;" + other.public_key() + "\n"));
    EXPECT_FALSE(refused(std::string("FR00;0001;;;") + kSpecimenKey + "\n"));
}

// The certificate under which the Assurance Maladie signed vaccination statements, as its authority published it.
TEST(TwoDDocTables, TakeTheDatesOfACertificate) {
    const auto trust = trusting(trust_csv(
        "FR03;AV01;;;"
        "MIIFoTCCA4mgAwIBAgIQNP+/"
        "BBeYPc2FhXabn5EJMTANBgkqhkiG9w0BAQsFADBOMQswCQYDVQQGEwJGUjESMBAGA1UECgwJREhJTVlPVElTMRwwGgYDVQ"
        "QLDBMwMDAyIDQ4MTQ2MzA4MTAwMDM2MQ0wCwYDVQQDDARGUjAzMB4XDTIxMDQyMjIyMDAwMFoXDTI0MDQyMTIxNTk1OVowaTELMAkGA1UEBhMC"
        "RlIxLTAr"
        "BgNVBAoMJENBSVNTRSBOQVRJT05BTEUgRCdBU1NVUkFOQ0UgTUFMQURJRTEcMBoGA1UECwwTMDAwMiAxODAwMzUwMjQwMjM2OTENMAsGA1UEAw"
        "wEQVYwMT"
        "BZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNU/bhtmxD+7ljQ+kU/5SbNsu/OwZBCaETDC176jyhRQt3JKhQD5xY24r/6HZVh9OGtT/"
        "Qr2gkcRt9RTBDhW"
        "clyjggIpMIICJTCB0AYIKwYBBQUHAQEEgcMwgcAwMwYIKwYBBQUHMAKGJ2h0dHA6Ly9hdXRvcml0ZS5kaGlteW90aXMuY29tLzJkZG9jLmRlcj"
        "AxBggrBg"
        "EFBQcwAoYlaHR0cDovL2F1dG9yaXRlLmNlcnRpZ25hLmZyLzJkZG9jLmRlcjApBggrBgEFBQcwAYYdaHR0cDovLzJkZG9jLm9jc3AuY2VydGln"
        "bmEuZnIw"
        "KwYIKwYBBQUHMAGGH2h0dHA6Ly8yZGRvYy5vY3NwLmRoaW15b3Rpcy5jb20wHwYDVR0jBBgwFoAUTYOEUNB9o97gApZGKKX3RqGtKHowCQYDVR"
        "0TBAIwAD"
        "BWBgNVHSAETzBNMEsGCiqBegGBMQICAQEwPTA7BggrBgEFBQcCARYvaHR0cHM6Ly93d3cuY2VydGlnbmEuY29tL2F1dG9yaXRlLWNlcnRpZmlj"
        "YXRpb24w"
        "WwYDVR0fBFQwUjAooCagJIYiaHR0cDovL2NybC5kaGlteW90aXMuY29tLzJkZG9jLmNybDAmoCSgIoYgaHR0cDovL2NybC5jZXJ0aWduYS5mci"
        "8yZGRvYy"
        "5jcmwwDwYDVR0lBAgwBgYEVR0lADAOBgNVHQ8BAf8EBAMCBsAwLwYDVR0RBCgwJqAkBgkqgXoBgTFlhXWgFwwVQXR0ZXN0YXRpb25fdmFjY2lu"
        "YWxlMB0G"
        "A1UdDgQWBBQH6O5zwVPG3Q/t1OrMW/XWSYXTLDANBgkqhkiG9w0BAQsFAAOCAgEARBr+1/FslkgblTVeMqu/"
        "4WDF9F0uPKWYuH+q5ZMGciHonHfFvlWqmD"
        "HYNlcBN/NLngUNLjsl9BRBwliXEgqfNalAxRPbtitJLdYuqNbWys+ttm8+Sw0hoif3ohtWSXVcxRakSY7y/rzf4gd+/"
        "g2HJb6meakfwfze60cXXY8/PKit"
        "dsuF8HUip+XJs9KW73LcSlYGOV2KU5eLzQZ5RZuRhbOotZJ2GdXQsqR1C0uqeLs6x9yUwlHCc3YqEJPWfQY0EANzLsWIwOcQ9tcDyFNIjoJ8+"
        "1TUX7LHaC"
        "1hSYjoGfzAAEx1PxAE8RMDIXtcca2AbeOhv4HtzPtpkKxxBc8iK6LB8zDnvAZp1ZI2ipFMWnsoLL6kfX1wnbGvndxDOzX+"
        "X6fR3ArgwHeXtjEc7x7YXhFj"
        "u3NGOvfVEWz2kreYzUaPMOof9lodMNtpCd1B713hIkeL9YWR5FqP1VRBO5moW9et6ZDQT4236FIobpr9mR9bHbfYCWSFC6ZnrW1X824fp9crEB"
        "PB4COkml"
        "/88vSq/b9nIJRKWGAjl3oWr/V2AcnVQGQ7eNI32B46sJdpXsfNZ8wn75Qn7/"
        "y1dkMhg6Eyi7F3aZ5kHa0vsdmGcmIzifa9eDcZQiX0L3hQm8RlrpvzK5J8"
        "huq6VDKAeEBwSmCRtRKI9GJmSyhz2l1c6bXghTM=\n"));
    ASSERT_EQ(trust.find("FR03", "AV01").size(), 1U);
    const auto& key = trust.find("FR03", "AV01").front();
    EXPECT_EQ(key.valid_from, "2021-04-22");
    EXPECT_EQ(key.valid_to, "2024-04-21");
    EXPECT_TRUE(key.covers("2021-05-17"));
    EXPECT_FALSE(key.covers("2024-05-17"));
}

}  // namespace
}  // namespace pleiade::reader::two_d_doc
