// What a Reader is made of, for those who bring another OCR engine or only the page texts (tests do both).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/domain/organismes.h"
#include "common/domain/tick_rules.h"
#include "services/reader/attachments.h"
#include "services/reader/evidence.h"
#include "services/reader/forms/forms_watch.h"
#include "services/reader/forms/tick_words.h"
#include "services/reader/letters/letter_model.h"
#include "services/reader/ocr_engine.h"
#include "services/reader/page_reader.h"
#include "services/reader/reader.h"
#include "services/reader/sealed_codes.h"
#include "services/reader/typage_settings.h"
#include "services/reader/volets.h"

namespace pleiade::reader {

struct TypageTables {
    TypageSettings settings;
    EvidenceTable evidence;
    AttachmentTable attachments;
    VoletTable volets;
    Organismes organismes;
    std::shared_ptr<const Beneficiaries> beneficiaries = nullptr;  // none: nullptr
    TwoDDocTables two_d_doc;
    Certainty certainty = {};  // of fields; that of types is in `settings`
    letters::LetterModel wording = {};
    TickRules ticks = {};
    forms::TickWords tick_words = {};
};

// Reads typage.toml, typage.csv, attachments.csv, volets.csv, organismes.csv, two_d_doc_*.csv, tick_rules.csv,
// tick_words.csv and, where they are there, certainty.toml and models/letters.csv. Errors: CONFIG_INVALID.
Result<TypageTables> load_tables(const std::string& folder, const Nomenclature& nomenclature);

// Documents of a pli whose pages have been read, in the order of their pages, with type, role, volets, fields. Pure.
std::vector<DocumentReading> find_documents(const std::vector<PageRead>& pages, const PliContext& context,
                                            const Nomenclature& nomenclature, const TypageTables& tables);

// The nomenclature must outlive the reader. `forms`: null when none is registered.
std::unique_ptr<Reader> open_with(std::unique_ptr<OcrEngine> engine, std::unique_ptr<digits::DigitModel> model,
                                  TypageTables tables, const Nomenclature& nomenclature,
                                  std::unique_ptr<forms::FormsWatch> forms = nullptr, PagesSeen seen = {});

}  // namespace pleiade::reader
