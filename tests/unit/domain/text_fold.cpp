#include "common/domain/text_fold.h"

#include <gtest/gtest.h>

namespace pleiade {
namespace {

TEST(TextFold, RemovesCaseAccentsAndTypography) {
    EXPECT_EQ(folded("Avis d’arrêt de travail"), "avis d'arret de travail");
    EXPECT_EQ(folded("DÉCLARATION – ÇÀ ET LÀ"), "declaration - ca et la");
    EXPECT_EQ(folded("N° de sécurité sociale"), "no de securite sociale");
    EXPECT_EQ(folded("« Protocole »"), "\" protocole \"");
}

TEST(TextFold, TakesLigaturesApart) {
    EXPECT_EQ(folded("Cœur, ex æquo, oﬃcier, ﬁn"), "coeur, ex aequo, officier, fin");
}

TEST(TextFold, MakesEverySpaceASpaceAndDropsWhatHasNoWidth) {
    EXPECT_EQ(folded("a\u00A0b\u202Fc\td\ne"), "a b c d e");
    EXPECT_EQ(folded("ar\u00ADrêt\u200B"), "arret");
}

TEST(TextFold, FoldsAnAccentWrittenApart) {
    EXPECT_EQ(folded("arre\u0302t"), "arret");
}

TEST(TextFold, KeepsWhatHasNoLatinFormAndMarksBrokenBytes) {
    EXPECT_EQ(folded("12 €"), "12 €");
    EXPECT_EQ(folded("a\xFF\xC3"), "a??");
    EXPECT_EQ(folded(""), "");
}

TEST(TextFold, GivesTheWayBackToTheOriginal) {
    const std::string original = "L’œil de l’État";
    const auto fold = fold_text(original);
    EXPECT_EQ(fold.text, "l'oeil de l'etat");
    ASSERT_EQ(fold.origin.size(), fold.text.size() + 1);
    const auto at = fold.text.find("etat");
    const auto range = fold.original(at, at + 4);
    EXPECT_EQ(original.substr(range.from, range.to - range.from), "État");
    const auto ligature = fold.original(2, 3);  // the o alone brings back the whole œ
    EXPECT_EQ(original.substr(ligature.from, ligature.to - ligature.from), "œ");
    EXPECT_EQ(fold.origin.back(), original.size());
}

TEST(TextFold, OriginsNeverGoBackwards) {
    const auto fold = fold_text("Ça coûte ½ € à l’hôpital ﬁxe\u0301");
    for (std::size_t i = 1; i < fold.origin.size(); ++i) EXPECT_LE(fold.origin[i - 1], fold.origin[i]);
}

}  // namespace
}  // namespace pleiade
