// Real blank forms get their own type, whatever way they were scanned; those of other administrations never get a type
// of ours with certainty. The reader never saw these files when its evidence was written from the trade's own tables.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/vision/decode.h"
#include "common/vision/upright.h"
#include "services/reader/reader_parts.h"
#include "services/reader/tesseract_engine.h"
#include "tests/golden/forms/page_store.h"
#include "tests/golden/forms/real_forms.h"

namespace pleiade::golden {
namespace {

class Forms : public testing::Test {
  protected:
    void SetUp() override {
        data_ = shared_data();
        if (!data_) GTEST_SKIP() << "skipped: the real forms of ../shared/data are not on this machine";
    }

    static const Nomenclature& nomenclature() {
        static const Nomenclature parsed = [] {
            std::ifstream file("deploy/config/nomenclature.csv", std::ios::binary);
            const std::string text(std::istreambuf_iterator<char>(file), {});
            auto result = Nomenclature::parse(text, "nomenclature.csv");
            PLEIADE_CHECK(result);
            return *result;
        }();
        return parsed;
    }

    // One engine for all the forms: opening it costs as much as a page.
    static reader::OcrEngine& engine() {
        static const auto opened = reader::open_tesseract("", "fra");
        PLEIADE_CHECK(opened);
        return **opened;
    }
    static reader::digits::DigitModel& digit_model() {
        static const auto opened = reader::digits::DigitModel::open("deploy/models/digits.model");
        PLEIADE_CHECK(opened);
        return **opened;
    }
    static const reader::TypageTables& tables() {
        static const auto loaded = reader::load_tables("deploy/config", nomenclature());
        PLEIADE_CHECK(loaded);
        return *loaded;
    }

    // Reads a form in its renderings and hands each reading over.
    template <class Check>
    void each_reading(const std::string& file, Check check) {
        const auto form = *data_ / file;
        for (const auto& rendering : renderings(form, next_rendering_++)) {
            SCOPED_TRACE(file + ", " + rendering.name());
            const auto pages = pages_of(form, rendering);
            PliContext context;
            context.caisse = "595";
            context.received_on = "2026-11-20";
            check(reader::find_documents(pages, context, nomenclature(), tables()), pages, rendering);
        }
    }

    void expect_one(const std::string& file, const std::string& type) {
        each_reading(
            file, [&](const std::vector<DocumentReading>& documents, const auto& pages, const auto& rendering) {
                ASSERT_EQ(documents.size(), 1u);
                EXPECT_EQ(documents[0].type, type);
                EXPECT_TRUE(documents[0].certain) << documents[0].confidence;
                EXPECT_EQ(documents[0].pages.size(), pages.size());
                EXPECT_EQ(documents[0].role, Role::Master);
                for (const auto& page : pages) {
                    EXPECT_EQ(page.reading.rotation, rendering.upside_down ? 180 : 0) << "page " << page.reading.page;
                }
            });
    }

    void expect_never_ours(const std::string& file) {
        each_reading(file, [&](const std::vector<DocumentReading>& documents, const auto& pages, const auto&) {
            std::multiset<int> seen;
            for (const auto& document : documents) {
                seen.insert(document.pages.begin(), document.pages.end());
                const bool harmless = document.type == kUnknownType || document.type == "HORS_CPAM";
                EXPECT_TRUE(harmless || !document.certain)
                    << document.type << " " << document.confidence << ": " << document.reasons.front().text;
            }
            for (const auto& page : pages) {
                EXPECT_EQ(seen.count(page.reading.page), page.reading.kind == PageKind::Document ? 1u : 0u);
            }
        });
    }

  private:
    static std::vector<reader::PageRead> pages_of(const std::filesystem::path& form, const Rendering& rendering) {
        static const std::string code = reading_digest(".");
        const char* bin = std::getenv("PLEIADE_BIN");
        const PageStore store(std::filesystem::path(bin != nullptr ? bin : ".") / ".." / "golden_pages");
        std::ifstream bytes(form, std::ios::binary);
        const auto key = sha256_hex(code + rendering.name() + std::string(std::istreambuf_iterator<char>(bytes), {}));
        if (!whole_run() && bin != nullptr) {
            if (auto kept = store.find(key)) return *kept;
        }
        auto pages = read_pages(form, rendering);
        if (!testing::Test::HasFailure() && bin != nullptr) store.keep(key, pages);
        return pages;
    }

    static std::vector<reader::PageRead> read_pages(const std::filesystem::path& form, const Rendering& rendering) {
        const TemporaryFolder folder;
        std::vector<reader::PageRead> pages;
        for (const auto& file : render(form, rendering, folder.path())) {
            auto decoded = vision::decode_file(file);
            EXPECT_TRUE(decoded) << file << ": " << (decoded ? "" : decoded.error().message);
            if (!decoded) continue;
            for (auto& image : decoded->pages) {
                if (rendering.upside_down) turn(image);
                auto read = reader::read_page(image, static_cast<int>(pages.size()) + 1, std::nullopt,
                                              {engine(), digit_model()}, [] { return true; });
                EXPECT_TRUE(read) << (read ? "" : read.error().message);
                if (read) pages.push_back(std::move(*read));
            }
        }
        return pages;
    }

    static void turn(vision::PageImage& image) {
        image.grey = vision::make_upright(image, 180, 0).grey;
        image.codes.clear();
    }

  protected:
    std::optional<std::filesystem::path> data_;

  private:
    static inline std::size_t next_rendering_ = 0;
};

TEST_F(Forms, AccidentDeclarationKeepsItsOwnReferenceAmongThoseThatItQuotes) {
    expect_one("forms_sante/digirisk/CERFA-14463-03.pdf", "DAT");
}
TEST_F(Forms, ChoiceOfADoctorIsOneDocumentWithItsNotice) {
    expect_one("forms_sante/medintux/declarationMT_12485-01.pdf", "DECL_MT");
}
TEST_F(Forms, CareAbroadIsOneDocument) {
    expect_one("forms_sante/maison_medicale/soins_etranger_12267-06_S3125.pdf", "SOINS_ETR");
}
TEST_F(Forms, CareProtocolIsOneDocumentWithItsNoticesBefore) {
    expect_one("forms_sante/medintux/protocole_soins_ALD_50774-02.pdf", "PROT_ALD");
}
TEST_F(Forms, TopOfATransportPrescriptionIsEnough) {
    expect_one("forms_sante/mrs_cnam/pmt_volet_2.png", "PMT");
}
TEST_F(Forms, TopOfAnElectronicTransportPrescriptionIsEnough) {
    expect_one("forms_sante/mrs_cnam/pmet.jpg", "PMT");
}
TEST_F(Forms, TopOfATransportAgreementIsNoPrescription) {
    each_reading("forms_sante/mrs_cnam/demande_accord_prealable_volet_3.png",
                 [](const std::vector<DocumentReading>& documents, const auto&, const auto&) {
                     ASSERT_EQ(documents.size(), 1u);
                     EXPECT_EQ(documents[0].type, "DAP_TRANSP");
                     EXPECT_TRUE(documents[0].certain);
                     EXPECT_EQ(documents[0].volets, (std::map<int, int>{{1, 3}}));
                 });
}

constexpr std::array kForms = {"forms_sante/digirisk/CERFA-14463-03.pdf",
                               "forms_sante/medintux/declarationMT_12485-01.pdf",
                               "forms_sante/maison_medicale/soins_etranger_12267-06_S3125.pdf",
                               "forms_sante/medintux/protocole_soins_ALD_50774-02.pdf",
                               "forms_sante/mrs_cnam/pmt_volet_2.png",
                               "forms_sante/mrs_cnam/pmet.jpg",
                               "forms_sante/mrs_cnam/demande_accord_prealable_volet_3.png"};
// Forms, notices and leaflets that no queue of ours waits for.
constexpr std::array kOtherForms = {"forms_sante/mdph/certificat_medical_mdph_13878-01.pdf",
                                    "forms_sante/pdfjs/rattachement_14411-01_S3706.pdf",
                                    "forms_sante/maison_medicale/capital_deces_TI_notice.pdf",
                                    "forms_sante/maison_medicale/frais_transport_depliant.pdf",
                                    "forms_sante/maison_medicale/attestation_employeur_modele.pdf",
                                    "forms_hors_perimetre/domifa/attestation_election_domicile_16030-01.pdf",
                                    "forms_hors_perimetre/mdph/gevasco_1re_demande.pdf",
                                    "forms_hors_perimetre/mecenat/recu_dons_entreprises_2041-MEC.pdf",
                                    "forms_hors_perimetre/mission_apprentissage/contrat_apprentissage_10103_vierge.pdf",
                                    "forms_hors_perimetre/pdfcerfa/cni_passeport_majeur_12100-03.pdf",
                                    "forms_hors_perimetre/pdfjs/160F-2019.pdf"};

TEST_F(Forms, EveryFormOfTheRealDataIsTriedHere) {
    std::set<std::string> named(kForms.begin(), kForms.end());
    named.insert(kOtherForms.begin(), kOtherForms.end());
    for (const auto* folder : {"forms_sante", "forms_hors_perimetre"}) {
        for (const auto& form : papers_below(*data_, folder)) EXPECT_TRUE(named.contains(form)) << form;
    }
}

class OtherForms : public Forms, public testing::WithParamInterface<const char*> {};

TEST_P(OtherForms, NeverGetATypeOfOursWithCertainty) {
    expect_never_ours(GetParam());
}

INSTANTIATE_TEST_SUITE_P(RealFiles, OtherForms, testing::ValuesIn(kOtherForms), [](const auto& tested) {
    auto name = std::filesystem::path(tested.param).stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return name;
});

// Handwriting, invoices of all trades, foreign letters and packages: they lead to a person, not to a queue. A share
// reads one of each kind, which nothing in them tells from mail of ours but what they say.
class OtherPapers : public Forms, public testing::WithParamInterface<const char*> {};

TEST_P(OtherPapers, NeverGetATypeOfOursWithCertainty) {
    if (whole_run()) {
        for (const auto& paper : papers_below(*data_, std::filesystem::path(GetParam()).begin()->string())) {
            expect_never_ours(paper);
        }
    } else {
        expect_never_ours(GetParam());
    }
}

INSTANTIATE_TEST_SUITE_P(RealFiles, OtherPapers,
                         testing::Values("lettres_manuscrites/testaments_poilus/TestamentsDePoilus_will_AN_0242-1.jpg",
                                         "factures/facturx_fnfe/Facture_DOM_BASICWL.pdf",
                                         "lots_multidocuments/aws_idp/letter1.jpg"),
                         [](const auto& tested) { return std::filesystem::path(tested.param).begin()->string(); });

}  // namespace
}  // namespace pleiade::golden
