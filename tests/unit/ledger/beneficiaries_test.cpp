#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "common/ledger/beneficiary_register.h"
#include "common/ledger/nir_digest.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::ledger {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kHeader = "nir;last_name;first_name;birth_date;caisse\n";

class BeneficiaryRegister : public testing::Test {
  protected:
    Result<ImportReport> import(const std::string& lines) {
        const auto csv = (folder_.path() / "people.csv").string();
        std::ofstream(csv, std::ios::binary) << kHeader << lines;
        return import_beneficiaries(csv, home());
    }
    std::string home() const { return (folder_.path() / "ledger").string(); }
    std::string bytes() const {
        std::ifstream file(home() + "/beneficiaries.db", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    test::TemporaryFolder folder_;
};

TEST_F(BeneficiaryRegister, FindsAPersonByNumberWithAndWithoutItsKey) {
    const auto report = import("255081416802538;Mazurelle;Karine;1955-08-17;594\n");
    ASSERT_TRUE(report);
    EXPECT_EQ(report->rows, 1u);
    const auto people = open_beneficiaries(home());
    EXPECT_TRUE(people->available());
    for (const char* number : {"255081416802538", "2550814168025", "2 55 08 14 168 025 38"}) {
        const auto found = people->with_number(number);
        ASSERT_THAT(found, SizeIs(1)) << number;
        EXPECT_EQ(found.front().last_name, "mazurelle");
        EXPECT_EQ(found.front().caisse, "594");
        EXPECT_EQ(found.front().birth_date, "1955-08-17");
    }
    EXPECT_THAT(people->with_number("284052B32102579"), SizeIs(0));
    EXPECT_THAT(people->with_number("not a number"), SizeIs(0));
}

TEST_F(BeneficiaryRegister, FindsPeopleByTheirDayOfBirthAndNamesThatResemble) {
    ASSERT_TRUE(
        import("255081416802538;Mazurelle;Karine;1955-08-17;594\n"
               "284052B32102579;Rambeaux;Solène;1955-08-17;595\n"));
    const auto people = open_beneficiaries(home());
    EXPECT_THAT(people->named("MAZURELIE", "KARINE", "1955-08-17"), SizeIs(1));
    EXPECT_THAT(people->named("MAZURELLE", "KARINE", "1955-08-18"), SizeIs(0));
    EXPECT_THAT(people->named("RAMBEAUX", "Solene", "1955-08-17"), SizeIs(1));
}

TEST_F(BeneficiaryRegister, RefusesAFileWithAMistakeWholeAndSaysNoPersonsValue) {
    ASSERT_TRUE(import("255081416802538;Mazurelle;Karine;1955-08-17;594\n"));
    const auto report = import(
        "284052B32102579;Rambeaux;Solène;1984-05-02;595\n"
        "255081416802539;Secretov;Karine;1955-08-17;594\n"
        "284052B32102579;Rambeaux;Solène;02/05/1984;595\n"
        "284052B32102579;Rambeaux;Solène;1984-05-02\n"
        "284052B32102579;;Solène;1984-05-02;595\n"
        "284052B32102579;Rambeaux;Solène;1984-05-02;59\n");
    ASSERT_TRUE(report);
    ASSERT_THAT(report->errors, SizeIs(5));
    EXPECT_THAT(report->errors[0], HasSubstr("line 3: nir"));
    EXPECT_THAT(report->errors[1], HasSubstr("line 4: birth_date"));
    for (const auto& error : report->errors) {
        EXPECT_EQ(error.find("Secretov"), std::string::npos);
        EXPECT_EQ(error.find("2550814"), std::string::npos);
    }
    // The former register is still the one in use.
    EXPECT_EQ(count_beneficiaries(home()).value(), 1u);
    EXPECT_FALSE(fs::exists(home() + "/beneficiaries.db.new"));
}

TEST_F(BeneficiaryRegister, HoldsNoNumberInClearAndIsItsOwnersAlone) {
    ASSERT_TRUE(import("255081416802538;Mazurelle;Karine;1955-08-17;594\n"));
    EXPECT_EQ(bytes().find("255081416802"), std::string::npos);
    struct stat found {};
    ASSERT_EQ(::stat((home() + "/beneficiaries.db").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777u, 0600u);
}

TEST_F(BeneficiaryRegister, IsTakenUpByThoseWhoHaveItOpenWhenItIsReplaced) {
    const auto people = open_beneficiaries(home());
    EXPECT_FALSE(people->available());
    ASSERT_TRUE(import("255081416802538;Mazurelle;Karine;1955-08-17;594\n"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_THAT(people->with_number("255081416802538"), SizeIs(1));
    ASSERT_TRUE(import("284052B32102579;Rambeaux;Solène;1984-05-02;595\n"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_THAT(people->with_number("255081416802538"), SizeIs(0));
    EXPECT_THAT(people->with_number("284052B32102579"), SizeIs(1));
}

TEST_F(BeneficiaryRegister, IsNoneUnderAnotherKey) {
    ASSERT_TRUE(import("255081416802538;Mazurelle;Karine;1955-08-17;594\n"));
    fs::remove(home() + "/nir.key");
    NirDigest::open_or_create(home());
    EXPECT_FALSE(open_beneficiaries(home())->available());
    const auto count = count_beneficiaries(home());
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, "BENEFICIARIES_OTHER_KEY");
}

TEST_F(BeneficiaryRegister, SaysThatAFileIsNoRegister) {
    const auto csv = (folder_.path() / "other.csv").string();
    std::ofstream(csv) << "a;b\n1;2\n";
    const auto report = import_beneficiaries(csv, home());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "BENEFICIARIES_UNREADABLE");
    EXPECT_FALSE(import_beneficiaries((folder_.path() / "absent.csv").string(), home()));
}

}  // namespace
}  // namespace pleiade::ledger
