// What a register of beneficiaries adds to what is read: a second match, never a value of its own.
#include <gtest/gtest.h>

#include "tests/support/few_people.h"
#include "tests/unit/reader/fields_page.h"

namespace pleiade::reader::test {
namespace {

class FieldsWithRegister : public testing::Test {
  protected:
    FieldsWithRegister() { people_.add("2550814168025", {"mazurelle", "karine", "1955-08-17", "594"}); }

    Fields read(PageWriter& writer) const {
        FieldHints hints;
        hints.received_on = "2026-11-20";
        hints.beneficiaries = &people_;
        hints.type = &type_;
        return extract_fields({&writer.page()}, hints);
    }
    std::string said_of(PageWriter& writer, const char* field) const { return said(read(writer), field); }

    pleiade::test::FewPeople people_;
    DocumentType type_ = [] {
        DocumentType about_a_person;
        about_a_person.required = {"last_name", "first_name"};
        return about_a_person;
    }();
};

TEST_F(FieldsWithRegister, BelievesAKnownNumberThatWasReadBadly) {
    PageWriter faint;
    faint.text(100, 300, "NIR : 2 55 08 14 168 025 38", 0.45);
    EXPECT_EQ(said_of(faint, "nir"), "255081416802538 valid");
    EXPECT_EQ(said(extract(faint), "nir"), "255081416802538 unchecked");
}

TEST_F(FieldsWithRegister, MendsOneFigureOfAKnownNumberAndNoMore) {
    PageWriter one;
    one.text(100, 300, "NIR : 2 55 08 14 163 025 38");
    EXPECT_EQ(said_of(one, "nir"), "255081416802538 valid");
    PageWriter two;
    two.text(100, 300, "NIR : 2 55 08 14 163 025 83");
    EXPECT_EQ(said_of(two, "nir"), "255081416302583 invalid");
}

TEST_F(FieldsWithRegister, DoesNotBelieveNobodysNumber) {
    PageWriter other;
    other.text(100, 300, "NIR : 2 84 05 2B 321 025 79", 0.45);
    EXPECT_EQ(said_of(other, "nir"), "284052B32102579 unchecked");
}

TEST_F(FieldsWithRegister, BelievesTheNamesAndTheBirthDateOfTheOwnerOfANumber) {
    PageWriter letter;
    letter.text(100, 260, "Nom : MAZURELLE")
        .text(100, 300, "Prénom : Karine")
        .text(100, 340, "Date de naissance : 17/08/1955", 0.6)
        .text(100, 380, "NIR : 2 55 08 14 168 025 38");
    EXPECT_EQ(said_of(letter, "last_name"), "MAZURELLE valid");
    EXPECT_EQ(said_of(letter, "first_name"), "Karine valid");
    EXPECT_EQ(said_of(letter, "birth_date"), "1955-08-17 valid");
}

TEST_F(FieldsWithRegister, LeavesAMisreadNameToAPerson) {
    PageWriter letter;
    letter.text(100, 260, "Nom : MAZURELIE").text(100, 380, "NIR : 2 55 08 14 168 025 38");
    EXPECT_EQ(said_of(letter, "last_name"), "MAZURELIE unchecked");
}

TEST_F(FieldsWithRegister, DoesNotTakeTheInsuredForABeneficiaryWhoseNameWasNotRead) {
    PageWriter form;
    form.text(100, 200, "PERSONNE RECEVANT LES SOINS")
        .text(100, 260, "nom et prénom")
        .text(100, 400, "ASSURÉ(E) (à remplir si la personne recevant les soins n'est pas l'assuré(e))")
        .text(100, 460, "nom et prénom MAZURELLE Karine")
        .text(100, 520, "numéro d'immatriculation 2 55 08 14 168 025 38");
    EXPECT_EQ(said_of(form, "nir"), "255081416802538 valid");
    EXPECT_EQ(said_of(form, "last_name"), "MAZURELLE unchecked");
}

}  // namespace
}  // namespace pleiade::reader::test
