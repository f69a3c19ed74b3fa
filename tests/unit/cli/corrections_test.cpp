// From a keyer's correction to the letter model, end to end: a ledger, a vault, a reader, the table of terms.
#include "services/cli/letters/corrections.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "common/base/check.h"
#include "common/vault/layout.h"
#include "common/vault/open.h"
#include "services/cli/letters/learning.h"
#include "services/reader/letters/letter_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::cli {
namespace {

const Nomenclature& nomenclature() {
    static const Nomenclature parsed = [] {
        std::ifstream file("deploy/config/nomenclature.csv", std::ios::binary);
        auto read = Nomenclature::parse(std::string(std::istreambuf_iterator<char>(file), {}), "nomenclature.csv");
        PLEIADE_CHECK(read);
        return std::move(*read);
    }();
    return parsed;
}

// Says of each pli what the test wrote for it: what a scan holds is for other tests.
class ToldReader final : public reader::Reader {
  public:
    ToldReader(std::map<std::string, std::string> texts, reader::PagesSeen seen)
        : texts_(std::move(texts)), seen_(std::move(seen)) {}

    Result<Reading> read(const reader::PliFiles& pli, const std::function<bool()>&) override {
        reader::PageRead page;
        page.reading.page = page.text.page = 1;
        page.text.width = 1654;
        page.text.height = 2339;
        lay_words(texts_.at(pli.context.pli), page.text);
        seen_(pli.context, {page});
        return Reading{};
    }
    const reader::StepTotals& spent() const override { return spent_; }

  private:
    static void lay_words(const std::string& text, reader::OcrPage& page) {
        reader::OcrLine line;
        line.box = {100, 300, 1400, 30};
        int x = 100;
        for (std::size_t from = 0; from < text.size();) {
            const auto to = std::min(text.find(' ', from), text.size());
            line.words.push_back({text.substr(from, to - from), 0.9, {x, 300, 20, 30}});
            x += 25;
            from = to + 1;
        }
        page.lines.push_back(std::move(line));
    }

    std::map<std::string, std::string> texts_;
    reader::PagesSeen seen_;
    reader::StepTotals spent_{};
};

class Corrections : public ledger::KeyingRoom {
  protected:
    Corrections() : vault_(vault::open_posix_vault(folder_ / "vault")) {
        options_.types = &nomenclature();
        restart();
        auto loaded = reader::load_tables("deploy/config", nomenclature());
        PLEIADE_CHECK(loaded);
        tables_ = std::make_unique<reader::TypageTables>(std::move(*loaded));
        open_lot("L1", 8);
    }

    // A letter that the reader took for `read`, its file in the vault.
    std::string letter(const std::string& rank, const std::string& read, const std::string& text) {
        const auto path = folder_ / (rank + ".bin");
        std::ofstream(path) << "the scan of " << rank;
        auto message = ledger::pli_of("L1", rank, 1, "the scan of " + rank);
        const auto registered = register_pli(message, ledger::digest("L1/" + rank));
        PLEIADE_CHECK(registered);
        const int fd = ::open(path.c_str(), O_RDONLY);
        PLEIADE_CHECK(vault_->put(PliId(registered->pli_id()), fd, rank));
        ::close(fd);
        auto reading = ledger::reading_of({{1}});
        reading.mutable_reading()->mutable_documents(0)->set_type(read);
        v1::Done decisions;
        auto decision = ledger::decision_of(1, "RELATION");
        decision.set_kind("keying");
        *decisions.mutable_decisions()->add_decisions() = decision;
        read_and_route(reading, decisions);
        texts_[rank] = text;
        return registered->pli_id();
    }

    void key(const std::string& pli, const std::string& type) {
        const auto job = only(open_job(pli, "camille"));
        auto said = agreed(job);
        said.mutable_documents(0)->set_type(type);
        said.mutable_documents(0)->set_skip_doubts(true);
        said.mutable_documents(0)->clear_fields();
        const auto validated = validate(said, "key " + pli);
        PLEIADE_CHECK(validated);
        for (const auto& problem : validated->problems()) ADD_FAILURE() << problem.pointer() << " " << problem.code();
        route_all("RELATION");
    }

    LedgerQueries queries() {
        return {[this](const v1::EventsQuery& query) -> Result<v1::Events> {
                    return reader_->events(query.after(), query.limit(), query.with_people());
                },
                [this](const v1::PliQuery& query) { return reader_->pli(query.id()); }};
    }
    Result<KeyedLessons> lessons(const std::vector<KeyedPli>& plis) {
        const auto open = [this](reader::PagesSeen seen) -> Result<std::unique_ptr<reader::Reader>> {
            return std::make_unique<ToldReader>(texts_, std::move(seen));
        };
        return lessons_of_keying(plis, *vault_, open, *tables_, nomenclature());
    }

    std::unique_ptr<vault::Vault> vault_;
    std::unique_ptr<reader::TypageTables> tables_;
    std::map<std::string, std::string> texts_;
};

const std::string kWish = "madame monsieur je me tourne vers votre conciliatrice pour denouer ce differend entre nous ";

TEST_P(Corrections, OfKeyersTeachTheLetterModelWhatTheyWroteInCommonAndNobodysName) {
    const std::vector<std::string> names = {"mercadiel", "varlin", "dupontel", "hennequin", "lestrade", "moreuil"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto rank = fmt::format("{:04}", i + 1);
        key(letter(rank, i == 0 ? "MEDIATION" : "RECLAMATION", kWish + "bien a vous " + names[i]), "MEDIATION");
    }
    letter("0007", "RECLAMATION", "madame monsieur je n ai rien recu de vous depuis le mois dernier et cela me peine");

    const auto plis = keyed_plis(queries());
    ASSERT_TRUE(plis) << plis.error().message;
    ASSERT_EQ(plis->size(), 6u);  // nobody keyed the seventh
    int corrected = 0;
    for (const auto& pli : *plis) {
        ASSERT_EQ(pli.letters.size(), 1u);
        EXPECT_EQ(pli.letters[0].type, "MEDIATION");
        EXPECT_FALSE(pli.letters[0].proposed.empty());
        corrected += pli.letters[0].proposed == "RECLAMATION" ? 1 : 0;
    }
    EXPECT_EQ(corrected, 5);

    const auto keyed = lessons(*plis);
    ASSERT_TRUE(keyed) << keyed.error().message;
    ASSERT_EQ(keyed->lessons.size(), 6u);
    EXPECT_EQ(keyed->plis_left_out, 0);

    std::vector<Lesson> invented;
    for (const char* town : {"lille", "douai", "lens", "arras"}) {
        const std::string from = std::string("madame monsieur je vous ecris de ") + town;
        invented.push_back({from + " pour obtenir la remise gracieuse de ma dette", "REMISE_DETTE", 1});
        invented.push_back({from + " pour vous reclamer ce que vous me devez", "RECLAMATION", 2});
        invented.push_back({from + " pour saisir le mediateur", "MEDIATION", 3});
    }
    const auto named = [](const std::vector<Lesson>& from, std::string& csv) {
        csv = learn(from,
                    {.cost = 16, .rarest = 3, .wordings_min = 1, .people_min = 5, .seed = 1, .lead = {.offset = -0.5}});
        const auto model = reader::letters::LetterModel::parse(csv, "letters.csv", nomenclature());
        PLEIADE_CHECK(model);
        const auto opinion = model->opinion_of("votre conciliatrice saura denouer ce differend");
        return opinion.margin > 0 ? opinion.type : std::string();
    };
    std::string csv;
    EXPECT_NE(named(invented, csv), "MEDIATION");
    auto both = invented;
    both.insert(both.end(), keyed->lessons.begin(), keyed->lessons.end());
    EXPECT_EQ(named(both, csv), "MEDIATION");
    for (const auto& name : names) EXPECT_EQ(csv.find(name), std::string::npos) << "a name is in the table";
}

TEST_P(Corrections, ShowWhatIsProposedAndLeaveOutFilesThatChanged) {
    const auto pli = letter("0001", "RECLAMATION", kWish);
    key(pli, "MEDIATION");
    const auto plis = keyed_plis(queries());
    ASSERT_TRUE(plis) << plis.error().message;
    ASSERT_EQ(plis->size(), 1u);
    const auto path = folder_ / "vault" + "/" + vault::place_of(PliId(pli), plis->front().view.files(0).sha256());
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::ofstream(path) << "something else";
    const auto keyed = lessons(*plis);
    ASSERT_TRUE(keyed) << keyed.error().message;
    EXPECT_TRUE(keyed->lessons.empty());
    EXPECT_EQ(keyed->plis_left_out, 1);
}

using ledger::Engine;
INSTANTIATE_TEST_SUITE_P(Sqlite, Corrections, testing::Values(Engine::Sqlite));

}  // namespace
}  // namespace pleiade::cli
