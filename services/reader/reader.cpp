#include "services/reader/reader.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <opencv2/core/utility.hpp>

#include "common/runtime/log.h"
#include "common/runtime/settings.h"
#include "common/vision/decode.h"
#include "services/reader/attachments.h"
#include "services/reader/duplicates.h"
#include "services/reader/fields.h"
#include "services/reader/form_evidence.h"
#include "services/reader/identity_zones.h"
#include "services/reader/letters/letter_evidence.h"
#include "services/reader/loose_ticks.h"
#include "services/reader/page_reader.h"
#include "services/reader/page_stream.h"
#include "services/reader/reader_parts.h"
#include "services/reader/sealed_codes.h"
#include "services/reader/tesseract_engine.h"
#include "services/reader/ticks.h"

namespace pleiade::reader {
namespace {

constexpr std::size_t kReasonsMax = 5;  // what a person can take in at a glance
constexpr int kPagesInMemoryMax = 8;    // a page at 300 dpi takes 9 MB of grey
constexpr double kLegibleMin = 0.45;    // mean OCR confidence under which nothing is certain
constexpr std::string_view kVersion = "reader 1";

// CPU of this process and of the decoders that it waited for.
double cpu_ms_of(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    double total = 0;
    for (const auto& part : {usage.ru_utime, usage.ru_stime}) {
        total += static_cast<double>(part.tv_sec) * 1e3 + static_cast<double>(part.tv_usec) / 1e3;
    }
    return total;
}
double cpu_ms() {
    return cpu_ms_of(RUSAGE_SELF) + cpu_ms_of(RUSAGE_CHILDREN);
}

Result<std::string> file_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return invalid("CONFIG_INVALID", fmt::format("{} cannot be read; is the configuration folder complete?", path));
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// With the configuration, beside it as in deploy/, or with the programs when an installation has tables of its own.
std::string model_path(const std::string& config_folder, const std::string& name) {
    const auto programs = runtime::program_folder();
    const std::vector<std::string> folders = {config_folder, config_folder + "/..", programs + "/../share/pleiade",
                                              programs + "/../../../deploy"};
    for (const auto& folder : folders) {
        const auto path = folder + "/models/" + name;
        if (std::filesystem::exists(path)) return path;
    }
    return folders.front() + "/models/" + name;
}

// The decoder's child takes up to its wall limit; the lease is kept meanwhile.
Result<vision::DecodedFile> decode(const std::string& path, const vision::DecodeOptions& options,
                                   const std::function<bool()>& alive) {
    auto decoding = std::async(std::launch::async, [&] { return vision::decode_file(path, options); });
    bool wanted = true;
    while (decoding.wait_for(std::chrono::milliseconds(300)) != std::future_status::ready) {
        wanted = wanted && alive();
    }
    auto decoded = decoding.get();
    if (!wanted) return conflict("ABANDONED", "the lease was lost while a file was decoded; nothing is to be done");
    return decoded;
}

// A machine runs a reader for each of its cores. What a page took is kept for the next one: an image of 9 MB that is
// given back is paid for again, 4 KiB at a time.
void suit_the_process_to_pages() {
    cv::setNumThreads(1);
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

class CascadeReader final : public Reader {
  public:
    CascadeReader(const Nomenclature& nomenclature, TypageTables tables, std::unique_ptr<OcrEngine> engine,
                  std::unique_ptr<digits::DigitModel> model, std::unique_ptr<forms::FormsWatch> forms, PagesSeen seen)
        : nomenclature_(nomenclature),
          tables_(std::move(tables)),
          engine_(std::move(engine)),
          model_(std::move(model)),
          forms_(std::move(forms)),
          seen_(std::move(seen)) {}

    const StepTotals& spent() const override { return spent_; }

    Result<Reading> read(const PliFiles& pli, const std::function<bool()>& alive) override {
        const double begun = cpu_ms();
        std::vector<PageRead> pages;
        if (auto done = read_pages(pli, alive, pages); !done) return pass_on(done);
        if (seen_) seen_(pli.context, pages);
        Reading reading;
        reading.reader_version =
            fmt::format("{}, typage {}{}", kVersion, tables_.settings.version,
                        tables_.certainty.version.empty() ? "" : ", certainty " + tables_.certainty.version);
        for (const auto& page : pages) {
            reading.pages.push_back(page.reading);
            for (const auto& step : page.steps) note(step);
        }
        std::vector<StepTaken> last;
        {
            const StepClock clock(Step::Judge, last);
            reading.documents = find_documents(pages, pli.context, nomenclature_, tables_);
        }
        note(last.front());
        reading.cpu_ms = cpu_ms() - begun;
        return reading;
    }

  private:
    void note(const StepTaken& step) {
        auto& total = spent_[static_cast<std::size_t>(step.step)];
        ++total.times;
        total.cpu_ms += step.cpu_ms;
    }

    // An attachment goes where its master goes: once its type is certain, nothing else on it could change that. What
    // names a document of its own is read to its end. What stands at its head says that it begins on this page, and is
    // not the rest of the one before.
    bool settled(const OcrPage& page) const {
        const auto evidence = gather_evidence(page, {}, tables_.evidence, tables_.settings);
        const auto verdict = judge(evidence.hits, tables_.settings);
        const auto* type = verdict.certain ? nomenclature_.find(verdict.type) : nullptr;
        if (type == nullptr || type->role != TypeRole::Attachment || !type->required.empty()) return false;
        return std::any_of(evidence.hits.begin(), evidence.hits.end(), [&](const Hit& hit) {
            return hit.type == verdict.type && hit.weight > 0 && (hit.title || hit.at_head);
        });
    }

    // The decoder is another process: what it took is what our ended children took meanwhile.
    Result<vision::DecodedFile> decoded_file(const std::string& path, const vision::DecodeOptions& options,
                                             const std::function<bool()>& alive) {
        const double before = cpu_ms_of(RUSAGE_CHILDREN), own = cpu_ms_of(RUSAGE_SELF);
        auto file = decode(path, options, alive);
        note({Step::Decode, cpu_ms_of(RUSAGE_CHILDREN) - before + cpu_ms_of(RUSAGE_SELF) - own});
        return file;
    }

    Result<void> read_pages(const PliFiles& pli, const std::function<bool()>& alive, std::vector<PageRead>& pages) {
        forms::Recogniser* forms = forms_ == nullptr ? nullptr : &forms_->current();
        if (forms_ != nullptr) {
            if (const auto error = forms_->take_error()) {
                runtime::log_error("the registered forms changed and have a mistake; the former ones stay", *error);
            }
        }
        const PageTools tools{*engine_, *model_, forms, [this](const OcrPage& page) { return settled(page); }};
        std::map<int, std::vector<const PageRef*>> by_file;
        for (const auto& page : pli.pages) by_file[page.file].push_back(&page);
        for (const auto& [file, refs] : by_file) {
            if (file < 0 || static_cast<std::size_t>(file) >= pli.paths.size()) {
                return invalid("PAGE_NOT_FOUND", fmt::format("file {} of the pli is not there", file));
            }
            const auto& path = pli.paths[static_cast<std::size_t>(file)];
            // A long file is decoded page by page, so that memory does not grow with it.
            const bool whole = refs.size() <= kPagesInMemoryMax;
            vision::DecodedFile decoded;
            if (whole) {
                auto all = decoded_file(path, {}, alive);
                if (!all) return pass_on(all);
                decoded = std::move(*all);
            }
            for (const auto* ref : refs) {
                if (!whole) {
                    vision::DecodeOptions one;
                    one.only_index = ref->index;
                    auto single = decoded_file(path, one, alive);
                    if (!single) return pass_on(single);
                    decoded = std::move(*single);
                }
                const auto index = whole ? static_cast<std::size_t>(ref->index) : 0;
                if (index >= decoded.pages.size()) {
                    return invalid("PAGE_NOT_FOUND", fmt::format("page {} of the pli is not in its file", ref->page));
                }
                auto read = read_page(decoded.pages[index], ref->page, ref->known, tools, alive);
                if (!read) return pass_on(read);
                if (read->reading.kind == PageKind::Document && !read->form) {
                    const StepClock clock(Step::LooseTicks, read->steps);
                    read->ticks = find_loose_ticks(decoded.pages[index], read->text, tables_.tick_words);
                }
                pages.push_back(std::move(*read));
                decoded.pages[index].grey.release();
            }
        }
        std::sort(pages.begin(), pages.end(),
                  [](const PageRead& a, const PageRead& b) { return a.reading.page < b.reading.page; });
        return {};
    }

    const Nomenclature& nomenclature_;
    TypageTables tables_;
    std::unique_ptr<OcrEngine> engine_;
    std::unique_ptr<digits::DigitModel> model_;
    std::unique_ptr<forms::FormsWatch> forms_;
    PagesSeen seen_;
    StepTotals spent_{};
};

Result<TwoDDocTables> load_two_d_doc_tables(const std::string& folder) {
    const auto data_text = file_text(folder + "/two_d_doc_fields.csv");
    if (!data_text) return pass_on(data_text);
    auto data = two_d_doc::DataTable::parse(*data_text, "two_d_doc_fields.csv");
    if (!data) return pass_on(data);
    const auto types_text = file_text(folder + "/two_d_doc_types.csv");
    if (!types_text) return pass_on(types_text);
    auto types = two_d_doc::TypeTable::parse(*types_text, "two_d_doc_types.csv");
    if (!types) return pass_on(types);
    const auto keys_text = file_text(folder + "/two_d_doc_keys.csv");
    if (!keys_text) return pass_on(keys_text);
    auto trust = two_d_doc::TrustList::parse(*keys_text, "two_d_doc_keys.csv");
    if (!trust) return pass_on(trust);
    return TwoDDocTables{std::move(*data), std::move(*types), std::move(*trust)};
}

}  // namespace

Result<TypageTables> load_tables(const std::string& folder, const Nomenclature& nomenclature) {
    const auto settings_text = file_text(folder + "/typage.toml");
    if (!settings_text) return pass_on(settings_text);
    auto settings = TypageSettings::parse(*settings_text, "typage.toml", nomenclature);
    if (!settings) return pass_on(settings);
    const auto evidence_text = file_text(folder + "/typage.csv");
    if (!evidence_text) return pass_on(evidence_text);
    auto evidence = EvidenceTable::parse(*evidence_text, "typage.csv", nomenclature, settings->cerfa_weight,
                                         settings->s_ref_weight);
    if (!evidence) return pass_on(evidence);
    const auto attachments_text = file_text(folder + "/attachments.csv");
    if (!attachments_text) return pass_on(attachments_text);
    auto attachments = AttachmentTable::parse(*attachments_text, "attachments.csv", nomenclature);
    if (!attachments) return pass_on(attachments);
    const auto volets_text = file_text(folder + "/volets.csv");
    if (!volets_text) return pass_on(volets_text);
    auto volets = VoletTable::parse(*volets_text, "volets.csv", nomenclature);
    if (!volets) return pass_on(volets);
    const auto organismes_text = file_text(folder + "/organismes.csv");
    if (!organismes_text) return pass_on(organismes_text);
    auto organismes = Organismes::parse(*organismes_text, "organismes.csv");
    if (!organismes) return pass_on(organismes);
    auto two_d_doc = load_two_d_doc_tables(folder);
    if (!two_d_doc) return pass_on(two_d_doc);
    const auto ticks_text = file_text(folder + "/tick_rules.csv");
    if (!ticks_text) return pass_on(ticks_text);
    auto ticks = TickRules::parse(*ticks_text, "tick_rules.csv", nomenclature, nullptr);
    if (!ticks) return pass_on(ticks);
    const auto tick_words_text = file_text(folder + "/tick_words.csv");
    if (!tick_words_text) return pass_on(tick_words_text);
    auto tick_words = forms::TickWords::parse(*tick_words_text, "tick_words.csv");
    if (!tick_words) return pass_on(tick_words);
    Certainty certainty;
    if (std::filesystem::exists(folder + "/certainty.toml")) {
        const auto certainty_text = file_text(folder + "/certainty.toml");
        if (!certainty_text) return pass_on(certainty_text);
        auto parsed = Certainty::parse(*certainty_text, "certainty.toml", nomenclature);
        if (!parsed) return pass_on(parsed);
        certainty = std::move(*parsed);
        settings->take(certainty);
    }
    letters::LetterModel wording;
    if (const auto path = model_path(folder, "letters.csv"); std::filesystem::exists(path)) {
        const auto wording_text = file_text(path);
        if (!wording_text) return pass_on(wording_text);
        auto parsed = letters::LetterModel::parse(*wording_text, "letters.csv", nomenclature);
        if (!parsed) return pass_on(parsed);
        wording = std::move(*parsed);
    }
    return TypageTables{std::move(*settings),  std::move(*evidence),   std::move(*attachments),
                        std::move(*volets),    std::move(*organismes), nullptr,
                        std::move(*two_d_doc), std::move(certainty),   std::move(wording),
                        std::move(*ticks),     std::move(*tick_words)};
}

std::vector<DocumentReading> find_documents(const std::vector<PageRead>& pages, const PliContext& context,
                                            const Nomenclature& nomenclature, const TypageTables& tables) {
    std::vector<PageEvidence> evidence;
    std::map<int, const OcrPage*> texts;
    std::map<int, int> volets;  // of registered forms: the page itself says it
    std::map<int, std::vector<SealedCode>> sealed;
    TickZones ticks;
    for (const auto& page : pages) {
        if (page.reading.kind != PageKind::Document) continue;
        evidence.push_back(gather_evidence(page.text, page.reading.codes, tables.evidence, tables.settings));
        auto& codes = sealed[page.reading.page] = sealed_codes(page.reading, tables.two_d_doc);
        add_sealed_evidence(codes, tables.evidence, evidence.back());
        if (!page.form) letters::add_letter_evidence(tables.wording, page.text, evidence.back());
        if (page.form) {
            add_form_evidence(*page.form, tables.settings, evidence.back());
            if (page.form->volet) volets[page.reading.page] = *page.form->volet;
        }
        ticks[page.reading.page] = page.form ? &page.form->zones : &page.ticks;
        texts[page.reading.page] = &page.text;
    }
    std::vector<const OcrPage*> all_texts;
    for (const auto& [page, text] : texts) all_texts.push_back(text);
    const auto repeated = repeated_pages(all_texts);
    std::vector<const PageEvidence*> stream;
    for (const auto& page : evidence) stream.push_back(&page);
    std::vector<DocumentReading> documents;
    for (const auto& group : group_pages(stream, nomenclature, tables.settings)) {
        DocumentReading document;
        document.id = static_cast<int>(documents.size()) + 1;
        document.type = group.verdict.type;
        document.confidence = group.verdict.confidence;
        double legible = 1;
        std::vector<const OcrPage*> own;
        for (const auto* page : group.pages) {
            document.pages.push_back(page->page);
            own.push_back(texts.at(page->page));
            if (page->words > 0) legible = std::min(legible, page->ocr_confidence);
        }
        document.certain = group.verdict.certain && group.cut_certain && legible >= kLegibleMin;
        document.ticks = ticks_of(document.pages, ticks);
        take_type_from_ticks(tables.ticks, document);
        const auto* type = nomenclature.find(document.type);
        if (type != nullptr && !type->parts.empty()) {
            for (const auto* text : own) {
                if (const auto known = volets.find(text->page); known != volets.end()) {
                    document.volets[text->page] = known->second;
                } else if (const auto volet = tables.volets.volet_of(*text, *type))
                    document.volets[text->page] = *volet;
            }
        }
        for (const auto& ground : group.verdict.grounds) {
            if (document.reasons.size() >= kReasonsMax) break;
            if (ground.kind == EvidenceKind::TwoDDoc) continue;  // said below, with its signature
            const Box box = ground.box.empty() ? Box{} : texts.at(ground.page)->as_scanned(ground.box);
            document.reasons.push_back({ground.reason, ground.page, box});
        }
        if (!group.cut_certain) document.reasons.push_back({"coupure entre documents incertaine", 0, {}});
        if (legible < kLegibleMin) document.reasons.push_back({"texte peu lisible", 0, {}});
        for (const auto* text : own) {
            for (const auto& code : sealed.at(text->page)) document.reasons.push_back(code.reason);
        }
        for (const int page : document.pages) {
            if (const auto first = repeated.find(page); first != repeated.end()) {
                document.reasons.push_back({fmt::format("page {} : sans doute la même que la page {}, numérisée ou "
                                                        "envoyée deux fois",
                                                        page, first->second),
                                            page,
                                            {}});
            }
        }
        if (document.reasons.empty()) document.reasons.push_back({"aucun indice suffisant", 0, {}});
        document.fields =
            extract_fields(own, {context.received_on, type, &tables.organismes, tables.beneficiaries.get()});
        std::vector<StatedField> stated;
        for (const auto* text : own) {
            for (auto& field : sealed_fields(sealed.at(text->page), document.type, context.received_on,
                                             tables.two_d_doc, tables.evidence))
                stated.push_back(std::move(field));
        }
        if (tables.evidence.marks("mrz", document.type)) {
            auto zones = identity_zones(own, context.received_on);
            std::move(zones.fields.begin(), zones.fields.end(), std::back_inserter(stated));
            std::move(zones.reasons.begin(), zones.reasons.end(), std::back_inserter(document.reasons));
        }
        join_stated(stated, document.fields, document.reasons);
        for (auto& [name, values] : document.fields) {
            for (auto& value : values) value.confidence = tables.certainty.of_field(name, value.confidence);
        }
        documents.push_back(std::move(document));
    }
    assign_roles(documents, tables.attachments, nomenclature);
    return documents;
}

Result<std::unique_ptr<Reader>> Reader::open(const ReaderSettings& settings, const Nomenclature& nomenclature) {
    auto tables = load_tables(settings.config_folder, nomenclature);
    if (!tables) return pass_on(tables);
    tables->beneficiaries = settings.beneficiaries;
    suit_the_process_to_pages();
    auto engine = open_tesseract(settings.tessdata_folder, settings.language);
    if (!engine) return pass_on(engine);
    auto model = digits::DigitModel::open(
        settings.digit_model.empty() ? model_path(settings.config_folder, "digits.model") : settings.digit_model);
    if (!model) return pass_on(model);
    auto forms = forms::FormsWatch::open(settings.forms_folder, nomenclature);
    if (!forms) return pass_on(forms);
    return open_with(std::move(*engine), std::move(*model), std::move(*tables), nomenclature, std::move(*forms),
                     settings.seen);
}

std::unique_ptr<Reader> open_with(std::unique_ptr<OcrEngine> engine, std::unique_ptr<digits::DigitModel> model,
                                  TypageTables tables, const Nomenclature& nomenclature,
                                  std::unique_ptr<forms::FormsWatch> forms, PagesSeen seen) {
    return std::make_unique<CascadeReader>(nomenclature, std::move(tables), std::move(engine), std::move(model),
                                           std::move(forms), std::move(seen));
}

}  // namespace pleiade::reader
