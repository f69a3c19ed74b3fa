// Reads a pli: pages (kind, rotation, quality, codes), documents (type, pages, fields, confidence, reasons).
//
// Concurrency: a Reader belongs to one thread (the OCR engine inside is single-threaded on purpose: many processes,
// one thread each). Limits: those of vision::DecodeLimits for each file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/beneficiaries.h"
#include "common/domain/nomenclature.h"
#include "common/domain/pli.h"
#include "common/domain/reading.h"
#include "services/reader/cascade.h"

namespace pleiade::reader {

// A pli whose files can be opened here.
struct PliFiles {
    PliContext context;
    std::vector<std::string> paths;  // one per file, in order
    std::vector<PageRef> pages;
};

struct PageRead;  // page_reader.h
// What the pages of a pli said before anything was decided: for whoever learns from them. Empty: nobody listens.
using PagesSeen = std::function<void(const PliContext&, const std::vector<PageRead>&)>;

struct ReaderSettings {
    std::string config_folder;    // deploy/config: the reader's own tables
    std::string tessdata_folder;  // empty: the engine's default
    std::string language = "fra";
    std::string forms_folder;  // registered forms; empty: none
    // The register of beneficiaries, a second match for what is read; nullptr: none.
    std::shared_ptr<const Beneficiaries> beneficiaries = nullptr;
    std::string digit_model;  // empty: models/digits.model in the configuration folder or beside it
    PagesSeen seen = {};
};

class Reader {
  public:
    // Errors: CONFIG_INVALID, MODEL_MISSING, MODEL_INVALID (Invalid), OCR_UNAVAILABLE (Unavailable).
    static Result<std::unique_ptr<Reader>> open(const ReaderSettings& settings, const Nomenclature& nomenclature);
    virtual ~Reader() = default;

    // `alive` is called at least every second while it works; when it answers false the reading stops with
    // ABANDONED (Conflict). Errors: the REJ_* codes of a file that cannot be decoded (Invalid), Unavailable.
    virtual Result<Reading> read(const PliFiles& pli, const std::function<bool()>& alive) = 0;

    // CPU spent since it was opened, step by step; a decoded file counts once.
    virtual const StepTotals& spent() const = 0;
};

}  // namespace pleiade::reader
