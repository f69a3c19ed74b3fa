#include "services/reader/certainty.h"

#include <gtest/gtest.h>

#include "services/reader/typage.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

Result<Certainty> parsed(const std::string& toml) {
    return Certainty::parse(toml, "certainty.toml", shipped_nomenclature());
}

TEST(Certainty, IsReadAsItWasWritten) {
    Certainty written;
    written.version = "2026-11-22";
    written.type = {0.8, -0.5};
    written.fields["nir"] = {0.5, 0};
    written.certain_min_of["CRA"] = 0.991;
    const auto read = parsed(written.to_toml());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->version, "2026-11-22");
    EXPECT_EQ(read->type.slope, 0.8);
    EXPECT_EQ(read->fields.at("nir").slope, 0.5);
    EXPECT_EQ(read->certain_min_of.at("CRA"), 0.991);
    EXPECT_LT(read->of_field("nir", 0.99), 0.92);
    EXPECT_EQ(read->of_field("iban", 0.99), 0.99);
}

TEST(Certainty, OfTypesIsNeverRaised) {
    const std::vector<Hit> hits = {{.type = "CRA", .key = "a", .weight = 9}};
    TypageSettings settings;
    const auto stated = judge(hits, settings).confidence;
    settings.curve = {0.5, 0};
    EXPECT_LT(judge(hits, settings).confidence, stated);
    settings.named_min = 0;
    settings.unknown_prior = 10;  // the type has a small share: a flat curve would raise it
    const auto small = judge(hits, settings);
    EXPECT_LE(small.confidence, small.leading_share);
    EXPECT_FALSE(parsed("version = \"1\"\ntype = { slope = 1.5, offset = 0 }\n"));
    EXPECT_FALSE(parsed("version = \"1\"\ntype = { slope = 1, offset = 0.2 }\n"));
    EXPECT_TRUE(parsed("version = \"1\"\n[fields]\nnir = { slope = 1.5, offset = 0.2 }\n"));
    EXPECT_FALSE(parsed("version = \"1\"\n[fields]\nnir = { slope = 7, offset = 0 }\n"));
}

TEST(Certainty, SaysWhereAMistakeIs) {
    const auto wrong = parsed("version = \"1\"\n[fields]\nnirr = { slope = 1 }\n");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, "CONFIG_INVALID");
    EXPECT_NE(wrong.error().message.find("certainty.toml:3:"), std::string::npos) << wrong.error().message;
    EXPECT_FALSE(parsed("version = \"1\"\n[certain_min_of]\nNOTHING = 0.9\n"));
    EXPECT_FALSE(parsed("type = { slope = 1 }\n"));
}

TEST(Certainty, AThresholdOnlyRises) {
    TypageSettings settings;
    settings.certain_min_of["CRA"] = 0.99;
    Certainty certainty;
    certainty.certain_min_of = {{"CRA", 0.98}, {"CMRA", 0.999}};
    settings.take(certainty);
    EXPECT_EQ(settings.certain_min_for("CRA"), 0.99);
    EXPECT_EQ(settings.certain_min_for("CMRA"), 0.999);
    EXPECT_EQ(settings.certain_min_for("RGPD"), settings.certain_min);
}

}  // namespace
}  // namespace pleiade::reader
