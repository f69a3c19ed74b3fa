// One pli: its documents drawn and scanned, with the truth of each page.
#pragma once

#include "tests/mail/dossier.h"
#include "tests/mail/mailbag.h"
#include "tests/mail/painter.h"
#include "tests/mail/scanner.h"

namespace pleiade::mail {

struct MadePli {
    std::vector<ScannedPage> pages;  // in order; without the envelope
    std::optional<ScannedPage> envelope;
    ScanPlan scan;
    TruthPli truth;  // lot, pli and file left to the caller
    Dossier dossier;
    std::string registered;  // number of the recommandé, empty when none
    std::string channel;
    std::vector<std::string> cut_templates;
};

MadePli make_pli(const std::string& main_type, const MailOrder& order, const TruthTables& tables, Rng rng);

// envelope.cpp
void draw_envelope(Canvas& canvas, const Dossier& dossier, const std::string& addressed_label,
                   const std::string& registered, Rng& rng);

}  // namespace pleiade::mail
