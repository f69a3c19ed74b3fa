#include "services/reader/page_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "common/base/csv.h"
#include "services/reader/letter_signs.h"

namespace pleiade::reader {
namespace {

// How much of its weight a phrase keeps where it stands.
double title_share(Place place) {
    switch (place) {
        case Place::Title:
            return 1.0;
        case Place::Top:
            return 0.8;
        case Place::Large:
            return 0.6;
        case Place::Body:
        case Place::Bottom:
            return 0.2;
    }
    return 0;
}

constexpr double kObjectInBody = 0.5;
constexpr double kObjectOutsideLetters = 0.2;  // forms and notices name what letters are about
constexpr double kTitleLineShare = 0.3;        // below that a phrase at the top stands inside a sentence
constexpr double kAddressLineShare = 0.2;      // an addressee has a short line to itself
constexpr double kHeadShare = 0.25;            // letterheads and titles stand above that
constexpr double kNearNumberShare = 0.35;      // a number that differs by one digit: OCR, or another form
constexpr double kTwoDigitsShare = 0.6;        // an unlisted number that is two digits away from a known one
constexpr double kQuotedShare = 0.1;           // a number quoted in running text
constexpr int kLettersOfWord = 6;
constexpr double kUnmarkedShare = 0.45;  // five digits that nothing shows to be a form number

class Gatherer {
  public:
    Gatherer(const PageText& text, const std::vector<Code>& codes, const EvidenceTable& table,
             const TypageSettings& settings, int words_unread, PageEvidence& out)
        : text_(text),
          codes_(codes),
          table_(table),
          settings_(settings),
          out_(out),
          signs_(letter_signs(text)),
          words_unread_(words_unread) {}

    void gather() {
        out_.foreign = reads_foreign(text_);
        out_.closes_letter = signs_.farewell;
        out_.opens_letter = signs_.opens();
        out_.addressed = signs_.address;
        mrz_ = has_mrz(text_);
        iban_ = has_iban(text_);
        numbers();
        references();
        out_.notice_heading =
            out_.notice_of.empty() && !has_own_number() && (notice_of_unlisted_ || has_notice_heading(text_));
        for (const auto& row : table_.rows()) {
            if (row.kind != EvidenceKind::Cerfa && row.kind != EvidenceKind::Notice && row.kind != EvidenceKind::SRef &&
                row.kind != EvidenceKind::TwoDDoc) {
                try_row(row);
            }
        }
    }

  private:
    struct Known {
        const Evidence* row;
        std::string written;
    };

    void add(const Evidence& row, const std::string& written, double weight, std::string reason, const Box& box,
             bool title = false, bool reference = false) {
        Hit hit;
        hit.type = row.type;
        hit.key = fmt::format("{}:{}:{}", row.line, static_cast<int>(row.kind), row.line == 0 ? written : "");
        hit.weight = weight;
        hit.reason = std::move(reason);
        hit.page = out_.page;
        hit.box = box;
        hit.kind = row.kind;
        hit.title = title;
        hit.reference = reference;
        hit.at_head = !box.empty() && text_.y_of(box) < kHeadShare;
        out_.hits.push_back(std::move(hit));
    }

    void unknown_form(double weight, std::string reason, const Box& box) {
        Hit hit;
        hit.type = std::string(kUnknownType);
        hit.key = reason;
        hit.weight = weight;
        hit.reason = std::move(reason);
        hit.page = out_.page;
        hit.box = box;
        out_.hits.push_back(std::move(hit));
    }

    bool has_own_number() const {
        return std::any_of(out_.hits.begin(), out_.hits.end(),
                           [](const Hit& hit) { return hit.reference && hit.kind == EvidenceKind::Cerfa; });
    }

    const Evidence* row_with(EvidenceKind kind, const std::string& written) const {
        for (const auto& row : table_.rows()) {
            if (row.kind != kind) continue;
            for (const auto& alternative : row.alternatives) {
                if (alternative.written == written) return &row;
            }
        }
        return nullptr;
    }

    // The number of a type of ours that is nearest to these digits.
    struct Nearest {
        int distance = 5;
        const Evidence* row = nullptr;  // nullptr when two types are as near
    };
    Nearest nearest_number(const std::string& digits) const {
        Nearest nearest;
        for (const auto& row : table_.rows()) {
            if (row.kind != EvidenceKind::Cerfa || row.type == kUnknownType) continue;
            for (const auto& alternative : row.alternatives) {
                int differ = 0;
                for (std::size_t i = 0; i < 5; ++i) differ += alternative.written[i] != digits[i] ? 1 : 0;
                if (differ < nearest.distance) {
                    nearest = {differ, &row};
                } else if (differ == nearest.distance && nearest.row != nullptr && nearest.row->type != row.type) {
                    nearest.row = nullptr;
                }
            }
        }
        return nearest;
    }

    void numbers() {
        for (const auto& number : find_form_numbers(text_)) {
            const double place = number.own ? 1.0 : kQuotedShare;
            const double share = place * (number.marked ? 1.0 : kUnmarkedShare);
            if (const auto* row = row_with(EvidenceKind::Notice, number.digits)) {
                add(*row, number.digits, row->weight * share, fmt::format("notice {} lue", number.digits), number.box,
                    false, number.own);
                if (number.own) out_.notice_of = row->type;
            } else if (const auto* form = row_with(EvidenceKind::Cerfa, number.digits)) {
                add(*form, number.digits, form->weight * share, fmt::format("cerfa {} lu", number.digits), number.box,
                    false, number.own);
            } else if (number.own && number.marked && !number.doubtful) {
                if (is_notice_number(number)) {
                    notice_of_unlisted_ = true;
                } else {
                    unlisted(number);
                }
            }
        }
    }

    // Notices are numbered 50xxx#xx and 51xxx#xx: one that no table has names no form, it goes with the one beside it.
    static bool is_notice_number(const FormNumber& number) {
        return number.notice || number.digits.starts_with("50") || number.digits.starts_with("51");
    }

    // A form number that no table has: another form, or one of ours misread.
    void unlisted(const FormNumber& number) {
        const auto nearest = nearest_number(number.digits);
        if (nearest.distance == 1) {
            if (nearest.row == nullptr) return;  // 11135 to 11139 are five forms: it tells nothing
            add(*nearest.row, number.digits, nearest.row->weight * kNearNumberShare,
                fmt::format("numéro {} lu, proche d'un cerfa connu", number.digits), number.box);
            return;
        }
        // Two digits may still be OCR's fault; three are another form.
        unknown_form(settings_.unknown_form_weight * (nearest.distance == 2 ? kTwoDigitsShare : 1.0),
                     fmt::format("cerfa {} lu, hors nomenclature", number.digits), number.box);
    }

    void references() {
        for (const auto& reference : find_s_references(text_)) {
            const auto* row = row_with(EvidenceKind::SRef, reference.text);
            if (reference.doubtful && row == nullptr) continue;
            if (reference.own && row == nullptr) {
                unknown_form(settings_.unknown_form_weight / 2,
                             fmt::format("référence {} lue, hors nomenclature", reference.text), reference.box);
            } else if (row != nullptr) {
                add(*row, reference.text, row->weight * (reference.own ? 1.0 : kQuotedShare),
                    fmt::format("référence {} lue{}", reference.text, reference.own ? "" : " dans le texte"),
                    reference.box, false, reference.own);
            }
        }
    }

    void try_row(const Evidence& row) {
        if (row.kind == EvidenceKind::Mark) return try_mark(row);
        if (row.kind == EvidenceKind::Code) return try_code(row);
        double best = 0;
        std::string reason;
        Box box;
        bool title = false;
        for (const auto& alternative : row.alternatives) {
            double share = 1;
            Box at;
            bool large = false;
            for (const auto& phrase : alternative.phrases) {
                const auto match = text_.find(phrase);
                if (!match || reads_otherwise(phrase, *match)) {
                    share = 0;
                    break;
                }
                const auto [worth, is_title] = worth_of(row.kind, *match);
                share = std::min(share, worth * (1.0 - 0.5 * match->errors / (phrase.errors_allowed() + 1.0)));
                large |= is_title;
                if (at.empty()) at = text_.box_of_folded(match->begin, match->end);
            }
            if (share > best) {
                best = share;
                reason = reason_of(row.kind, alternative.written);
                box = at;
                title = large;
            }
        }
        if (best > 0) add(row, "", row.weight * best, std::move(reason), box, title && row.weight > 0);
    }

    // The errors of the match make another word of ours: it is that word which stands there.
    bool reads_otherwise(const Phrase& phrase, const Match& match) const {
        if (match.errors == 0) return false;
        const auto meant = split(phrase.text(), ' ');
        for (const auto& word : split(text_.folded().substr(match.begin, match.end - match.begin), ' ')) {
            if (std::find(meant.begin(), meant.end(), word) != meant.end()) continue;
            // "volet 3" is not "volet 1" badly read.
            if (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos) return true;
            if (word.size() >= 3 && table_.is_word(word)) return true;
        }
        return false;
    }

    // Share of the weight that a phrase keeps where it was found, and whether it titles the page.
    std::pair<double, bool> worth_of(EvidenceKind kind, const Match& match) const {
        const auto place = text_.place_of_folded(match.begin, match.end);
        const auto box = text_.box_of_folded(match.begin, match.end);
        const double y = text_.y_of(box);
        switch (kind) {
            case EvidenceKind::Title: {
                // In large letters at the top it is a title whatever shares its line; elsewhere it must not be a part
                // of a sentence or of the head of a table.
                const bool apart =
                    place == Place::Title || text_.share_of_lines(match.begin, match.end) >= kTitleLineShare;
                const auto kept = apart ? place : Place::Body;
                return {title_share(kept), kept == Place::Title || kept == Place::Top};
            }
            case EvidenceKind::Object: {
                const bool subject =
                    signs_.object_line && match.begin >= signs_.object_begin && match.begin < signs_.object_end;
                if (subject || (place == Place::Title && signs_.any())) return {1.0, false};
                return {signs_.any() ? kObjectInBody : kObjectOutsideLetters, false};
            }
            case EvidenceKind::Addressee: {
                const bool apart = text_.share_of_lines(match.begin, match.end) >= kAddressLineShare;
                return {apart && (y < 0.45 || text_.is_crop()) ? 1.0 : 0.25, false};
            }
            case EvidenceKind::Sender:
                return {y < 0.22 || y > 0.72 || text_.is_crop() ? 1.0 : 0.25, false};
            default:
                return {1.0, false};
        }
    }

    static std::string reason_of(EvidenceKind kind, const std::string& written) {
        switch (kind) {
            case EvidenceKind::Title:
                return fmt::format("titre « {} »", written);
            case EvidenceKind::Object:
                return fmt::format("objet « {} »", written);
            case EvidenceKind::Addressee:
                return fmt::format("destinataire « {} »", written);
            case EvidenceKind::Sender:
                return fmt::format("expéditeur « {} »", written);
            default:
                return fmt::format("texte « {} »", written);
        }
    }

    void try_mark(const Evidence& row) {
        for (const auto& alternative : row.alternatives) {
            const auto& mark = alternative.written;
            const bool letter = signs_.any();
            // What is hardly legible may hide its salutation: it is no sign against a letter.
            const bool scrawled = out_.scrawled();
            const bool there = (mark == "mrz" && mrz_) || (mark == "iban" && iban_) || (mark == "letter" && letter) ||
                               (mark == "no_letter" && !letter && !scrawled) || (mark == "foreign" && out_.foreign) ||
                               (mark == "few_words" && out_.words + words_unread_ < 60) ||
                               (mark == "handwriting" && out_.words >= 20 && scrawled);
            if (!there) continue;
            static const std::map<std::string, std::string, std::less<>> said = {
                {"mrz", "bande de lecture d'une pièce d'identité"},
                {"iban", "IBAN lu, clé juste"},
                {"letter", "forme d'un courrier"},
                {"no_letter", "pas la forme d'un courrier"},
                {"foreign", "texte qui n'est pas en français"},
                {"few_words", "peu de texte"},
                {"handwriting", "écriture manuscrite ou illisible"}};
            add(row, "", row.weight, said.at(mark), {});
            return;
        }
    }

    void try_code(const Evidence& row) {
        for (const auto& code : codes_) {
            for (const auto& alternative : row.alternatives) {
                if (!code.text.starts_with(alternative.written)) continue;
                add(row, "", row.weight, fmt::format("code {} lu", code.symbology), {});
                return;
            }
        }
    }

    const PageText& text_;
    const std::vector<Code>& codes_;
    const EvidenceTable& table_;
    const TypageSettings& settings_;
    PageEvidence& out_;
    LetterSigns signs_;
    bool mrz_ = false, iban_ = false;
    int words_unread_ = 0;
    bool notice_of_unlisted_ = false;
};

std::vector<std::uint32_t> shingles_of(const std::string& folded) {
    const auto words = split(folded, ' ');
    std::vector<std::uint32_t> hashes;
    for (std::size_t i = 0; i + 2 < words.size(); ++i) {
        hashes.push_back(
            static_cast<std::uint32_t>(std::hash<std::string>{}(words[i] + ' ' + words[i + 1] + ' ' + words[i + 2])));
    }
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    return hashes;
}

}  // namespace

PageEvidence gather_evidence(const OcrPage& page, const std::vector<Code>& codes, const EvidenceTable& table,
                             const TypageSettings& settings) {
    PageEvidence evidence;
    evidence.page = page.page;
    double confidence = 0;
    for (const auto& line : page.lines) {
        for (const auto& word : line.words) {
            ++evidence.words;
            confidence += word.confidence;
        }
    }
    if (evidence.words > 0) evidence.ocr_confidence = confidence / evidence.words;
    const PageText text(page);
    evidence.page_mark = find_page_mark(text);
    evidence.volet = find_volet(text);
    evidence.shingles = shingles_of(text.folded());
    Gatherer(text, codes, table, settings, page.letters_unread / kLettersOfWord, evidence).gather();
    return evidence;
}

double likeness(const PageEvidence& a, const PageEvidence& b) {
    if (a.shingles.empty() || b.shingles.empty()) return 0;
    std::vector<std::uint32_t> common;
    std::set_intersection(a.shingles.begin(), a.shingles.end(), b.shingles.begin(), b.shingles.end(),
                          std::back_inserter(common));
    const auto all = a.shingles.size() + b.shingles.size() - common.size();
    return static_cast<double>(common.size()) / static_cast<double>(all);
}

}  // namespace pleiade::reader
