#include "services/reader/letter_signs.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "common/base/csv.h"
#include "services/reader/fold.h"

namespace pleiade::reader {
namespace {

constexpr std::size_t kForeignWordsMin = 60;  // below that, names and numbers outweigh the language
constexpr double kForeignShareMax = 0.10;     // French prose has 35 to 50 % of tool words, forms about 25 %

bool any_of(const PageText& text, const std::vector<Phrase>& phrases) {
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](const Phrase& phrase) { return phrase.find_in(text.folded()).has_value(); });
}

std::vector<Phrase> phrases_of(std::initializer_list<const char*> texts) {
    std::vector<Phrase> phrases;
    for (const char* text : texts) phrases.emplace_back(text);
    return phrases;
}

}  // namespace

LetterSigns letter_signs(const PageText& text) {
    static const auto salutations =
        phrases_of({"madame monsieur", "monsieur le directeur", "madame la directrice", "messieurs", "cher confrere",
                    "chere consoeur", "monsieur le medecin conseil", "madame monsieur le directeur", "bonjour madame"});
    static const auto farewells = phrases_of(
        {"veuillez agreer", "je vous prie d agreer", "je vous prie de croire", "salutations distinguees",
         "sinceres salutations", "cordialement", "mes respectueuses salutations", "nous vous prions d agreer",
         "veuillez recevoir", "confraternellement", "dans l attente de votre reponse", "bien a vous",
         "je vous remercie par avance", "sentiments distingues", "consideration distinguee"});
    LetterSigns signs;
    signs.salutation = any_of(text, salutations);
    signs.farewell = any_of(text, farewells);
    // "Objet : ..." and the line after it: subjects are often broken.
    const auto& lines = text.page().lines;
    std::size_t from = 0;
    for (std::size_t i = 0; i < lines.size() && !signs.object_line; ++i) {
        const auto words = plain_words(lines[i].text());
        const bool opens = words.starts_with("objet ") || words.starts_with("object ") || words.starts_with("0bjet ") ||
                           words.starts_with("obiet ") || words.starts_with("sujet ");
        if (!opens || text.y_of(lines[i].box) > 0.65) continue;
        const auto at = text.folded().find(words, from);
        if (at == std::string::npos) continue;
        signs.object_line = true;
        signs.object_begin = at;
        signs.object_end = at + words.size();
        if (i + 1 < lines.size() && lines[i + 1].block == lines[i].block) {
            const auto next = plain_words(lines[i + 1].text());
            if (text.folded().compare(signs.object_end, next.size() + 1, " " + next) == 0) {
                signs.object_end += next.size() + 1;
            }
        }
    }
    return signs;
}

bool reads_foreign(const PageText& text) {
    static const std::set<std::string_view> french = {
        "le",   "la",  "les",  "de",  "du",     "des",     "un",   "une",       "et",   "est", "en",
        "au",   "aux", "pour", "par", "sur",    "dans",    "vous", "je",        "nous", "il",  "elle",
        "que",  "qui", "ne",   "pas", "ce",     "cette",   "ou",   "votre",     "mon",  "ma",  "mes",
        "son",  "sa",  "ses",  "vos", "nos",    "l",       "d",    "s",         "n",    "qu",  "avec",
        "sans", "si",  "date", "nom", "prenom", "adresse", "code", "signature", "le",   "cas", "assure"};
    const auto words = split(text.folded(), ' ');
    std::size_t real = 0, tool = 0;
    for (const auto& word : words) {
        if (word.empty() || word.find_first_of("0123456789") != std::string::npos) continue;
        ++real;
        if (french.contains(word)) ++tool;
    }
    return real >= kForeignWordsMin && static_cast<double>(tool) < kForeignShareMax * static_cast<double>(real);
}

bool has_mrz(const PageText& text) {
    // OCR reads the filler as <, «, ( or K: count lines with runs of it, or with the fixed beginnings.
    static const re2::RE2 line(R"(^[IPACV][A-Z<«]{1,2}(?:FRA|[A-Z]{3})[A-Z0-9<«‹(K]{10,}|[A-Z0-9]{0,30}(?:<|«|‹){3,})");
    int lines = 0;
    for (const auto& candidate : text.page().lines) {
        std::string joined;
        for (const auto& word : candidate.words) joined += word.text;
        if (joined.size() >= 24 && re2::RE2::PartialMatch(joined, line)) ++lines;
    }
    return lines >= 1;
}

bool has_iban(const PageText& text) {
    static const re2::RE2 iban(R"(\b([A-Z]{2}\d{2}(?:[ .-]?[0-9A-Z]){11,30}))");
    std::size_t from = 0;
    re2::StringPiece found;
    const auto& raw = text.raw();
    while (from < raw.size() && iban.Match(raw, from, raw.size(), re2::RE2::UNANCHORED, &found, 1)) {
        std::string compact;
        for (const char c : found) {
            if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) compact += c;
        }
        // French numbers have 27 characters; others 15 to 34. What follows on the line may have been taken along.
        for (std::size_t length = std::min<std::size_t>(compact.size(), 34); length >= 15; --length) {
            if (compact.starts_with("FR") && length != 27) continue;
            int rest = 0;
            const auto number = compact.substr(4, length - 4) + compact.substr(0, 4);
            for (const char c : number) {
                const int value = c <= '9' ? c - '0' : c - 'A' + 10;
                rest = (value >= 10 ? rest * 100 + value : rest * 10 + value) % 97;
            }
            if (rest == 1) return true;
        }
        from = static_cast<std::size_t>(found.data() - raw.data()) + 2;
    }
    return false;
}

}  // namespace pleiade::reader
