// Fills lots: chooses what each pli holds, draws it, scans it, writes it, and writes down the truth beside it.
// Operation: one call writes everything. Determinism: pli k of a seed is the same whatever else is asked for.
// Limits: the whole of one pli is held in memory.
#pragma once

#include <string>
#include <vector>

#include "tests/mail/fonts.h"
#include "tests/mail/truth.h"

namespace pleiade::mail {

struct MailOrder {
    std::string out;
    int plis = 0;
    std::uint64_t seed = 1;
    Half half = Half::Train;
    bool defects = true;
    int dpi = 0;                     // 0: the scanner's own, 150 to 300; tests that look at no letter take less
    std::vector<std::string> types;  // empty: those of the nomenclature with their weights
    int stratified = 0;              // that many plis of each type, instead of `plis`
    std::string caisse = "595";
    std::string received = "2026-11-20";
    int lot_size = 25;
    std::string beneficiaries;  // CSV file to write the people of the mail to, and as many others; empty: none
};

struct MailReport {
    int plis = 0, lots = 0, documents = 0, attachments = 0, images = 0, blanks = 0, envelopes = 0;
    std::vector<std::string> cut_templates;  // whose text fell off the page: a fault of the template
    std::map<std::string, int> masters;      // type -> how many plis it leads
};

// Throws std::runtime_error (disk) or std::invalid_argument (order).
MailReport fill_mailbag(const MailOrder& order, const TruthTables& tables);

// The main document of each pli, in order. Throws std::invalid_argument for a type that the half does not draw.
std::vector<std::string> plan_types(const MailOrder& order, const TruthTables& tables);

// Types that the half has a template for, with the weight of each as main document.
std::vector<std::pair<std::string, double>> drawable_types(const TruthTables& tables, Half half);

}  // namespace pleiade::mail
