#include "tests/mail/pli_maker.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/mail/attachments.h"

namespace pleiade::mail {
namespace {

class PliMaker {
  public:
    PliMaker(const MailOrder& order, const TruthTables& tables, Rng rng)
        : order_(order), tables_(tables), rng_(rng), dossier_rng_(rng.fork("dossier")) {}

    MadePli make(const std::string& main_type) {
        made_.scan = plan_scan(rng_, order_.defects);
        if (order_.dpi > 0) made_.scan.dpi = order_.dpi;
        dossier_ = new_dossier();
        made_.truth.addressed = order_.caisse;
        made_.truth.received_on = order_.received;
        if (!order_.beneficiaries.empty()) made_.truth.insured_by = dossier_.affiliation;
        add_with_attachments(main_type);
        // Never beside a SECRET_MED, which would make medical whatever lies with it.
        if (main_type != "SECRET_MED" && rng_.chance(main_type.starts_with("FSP") ? 0.08
                                                     : main_type == "AAT"         ? 0.05
                                                                                  : 0.015))
            add_second(main_type);
        if (rng_.chance(registered_share(main_type)))
            made_.registered = fmt::format("1A{:011}", rng_.between(1, 2'000'000'000));
        made_.truth.registered = !made_.registered.empty();
        made_.channel = rng_.chance(0.05) ? "counter" : "post";
        if (made_.channel == "post" && rng_.chance(made_.registered.empty() ? 0.24 : 0.7)) {
            ScanPlan plan = made_.scan;
            plan.mode = Mode::Grey;
            plan.dpi = order_.dpi > 0 ? order_.dpi : 150;
            auto canvas = lay_paper(plan, rng_, 220, 110);
            draw_envelope(*canvas, dossier_, tables_.label_of(order_.caisse), made_.registered, rng_);
            made_.envelope = scan(*canvas, plan, rng_, false);
            made_.truth.pages.insert(made_.truth.pages.begin(), TruthPage{0, PageKind::Envelope, 0});
        }
        made_.dossier = std::move(dossier_);
        return std::move(made_);
    }

  private:
    Dossier new_dossier() {
        // Most mail comes from the people of the caisse; some from those of another, which routing must notice.
        std::string affiliation = order_.caisse;
        if (dossier_rng_.chance(0.12)) {
            static const std::vector<std::string> kNeighbours = {"594", "597", "599", "624", "623"};
            affiliation = dossier_rng_.chance(0.6) ? dossier_rng_.pick(kNeighbours)
                                                   : dossier_rng_.pick(tables_.open_caisses()).caisse;
        }
        return make_dossier(dossier_rng_, order_.half, parse_day(order_.received), order_.caisse, affiliation,
                            tables_.label_of(affiliation));
    }

    void add_second(const std::string& first) {
        static const std::vector<std::string> kSeconds = {"FSP_MED", "FSP_MED", "FSP_AUX", "FSP_PHARM"};
        const std::string type = first.starts_with("FSP") && rng_.chance(0.7) ? first : rng_.pick(kSeconds);
        if (!templates_of(order_.half, type).empty()) add_with_attachments(type);
    }

    void add_with_attachments(const std::string& type) {
        add(type, 0);
        const int master = made_.truth.documents.back().id;
        for (const auto& usual : usual_attachments(type)) {
            if (rng_.chance(usual.probability) && !templates_of(order_.half, usual.type).empty())
                add(usual.type, master);
        }
    }

    std::vector<int> volets_sent(const std::string& type) {
        const auto& parts = tables_.nomenclature().find(type)->parts;
        if (parts.empty()) return {};
        const double which = rng_.real(0, 1);
        if (type == "DAP_TRANSP") return {1, 2};
        if (type == "AAT" && which > 0.95) return which > 0.985 ? std::vector{3} : std::vector{1, 2, 3};
        return which < 0.70 ? std::vector{1, 2} : which < 0.84 ? std::vector{1} : std::vector{2};
    }

    void add(const std::string& type, int master) {
        const auto choices = templates_of(order_.half, type);
        const Template& form = *rng_.pick(choices);
        TruthDocument document;
        document.id = static_cast<int>(made_.truth.documents.size()) + 1;
        document.type = type;
        document.template_id = form.id;
        document.attachment = master != 0;
        document.attached_to = master;
        const Desk desk{[&] { return lay_paper(made_.scan, rng_); },
                        [&](PageDraft draft) { keep(std::move(draft), document, form.id); }};
        paint_spread(form, dossier_, desk, rng_.fork("paint", static_cast<std::uint64_t>(document.id)),
                     {.volets = volets_sent(type), .edition = pick_edition(rng_)});
        PLEIADE_CHECK(!document.pages.empty());
        made_.truth.documents.push_back(std::move(document));
        // Duplex scanning keeps the verso of some sheets.
        if (rng_.chance(0.33)) blank_verso();
    }

    void keep(PageDraft draft, TruthDocument& document, const std::string& template_id) {
        if (made_.scan.defects) soil(*draft.canvas, rng_, false);
        ScannedPage page = scan(*draft.canvas, made_.scan, rng_, true);
        const int number = static_cast<int>(made_.pages.size()) + 1;
        document.pages.push_back(number);
        document.wording = draft.wording;
        if (draft.volet > 0) document.volets[number] = draft.volet;
        for (auto& field : draft.fields) {
            field.box = turned(field.box, page);
            document.fields.push_back({std::move(field), number});
        }
        document.ticks.insert(draft.ticks.begin(), draft.ticks.end());
        if (draft.cut) made_.cut_templates.push_back(template_id);
        made_.truth.pages.push_back({number, PageKind::Document, page.rotation});
        made_.pages.push_back(std::move(page));
    }

    void blank_verso() {
        auto canvas = lay_paper(made_.scan, rng_);
        if (made_.scan.defects) soil(*canvas, rng_, rng_.chance(0.5));
        ScannedPage page = scan(*canvas, made_.scan, rng_, false);
        made_.truth.pages.push_back({static_cast<int>(made_.pages.size()) + 1, PageKind::Blank, 0});
        made_.pages.push_back(std::move(page));
    }

    const MailOrder& order_;
    const TruthTables& tables_;
    Rng rng_, dossier_rng_;
    Dossier dossier_;
    MadePli made_;
};

}  // namespace

MadePli make_pli(const std::string& main_type, const MailOrder& order, const TruthTables& tables, Rng rng) {
    return PliMaker(order, tables, rng).make(main_type);
}

}  // namespace pleiade::mail
