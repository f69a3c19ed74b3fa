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
constexpr std::size_t kSalutationIndent = 3;  // letters before it: a speck, an initial
constexpr std::size_t kSalutationRest = 24;   // letters after it: "Madame, Monsieur le Directeur,"
constexpr double kAddressLowest = 0.45;       // share of the page's height
constexpr std::size_t kAddressWordsMax = 8;
constexpr double kObjectLowest = 0.65;     // share of the page's height
constexpr double kForeignShareMax = 0.10;  // French prose has 35 to 50 % of tool words, forms about 25 %

bool any_of(const PageText& text, const std::vector<Phrase>& phrases) {
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](const Phrase& phrase) { return text.find(phrase).has_value(); });
}

std::vector<Phrase> phrases_of(std::initializer_list<const char*> texts) {
    std::vector<Phrase> phrases;
    for (const char* text : texts) phrases.emplace_back(text);
    return phrases;
}

// A salutation opens a short line of its own; forms ask "Madame ou Monsieur" among other words.
bool greets(const std::string& raw) {
    static const auto salutations =
        phrases_of({"madame monsieur", "monsieur le directeur", "madame la directrice", "cher confrere",
                    "chere consoeur", "monsieur le medecin conseil", "madame monsieur le directeur", "bonjour madame"});
    // "Madame,", "Chère Madame, cher Monsieur,", or what runs on: "Messieurs, je vous écris".
    static const re2::RE2 greeting(
        R"(^\W*(?i:mesdames|messieurs|madame|monsieur|ch[eè]re?s?|bonjour|docteur|ma[iî]tre)\b(?:[^:;0-9]{0,40},\W*$|(?: \pL+)?,\s?\p{Ll}))");
    if (re2::RE2::PartialMatch(raw, greeting)) return true;
    const auto words = plain_words(raw);
    return std::any_of(salutations.begin(), salutations.end(), [&](const Phrase& phrase) {
        const auto match = phrase.find_in(words);
        return match && match->begin <= kSalutationIndent && words.size() <= match->end + kSalutationRest;
    });
}

// "Je vous prie d'agréer," after which "Madame, Monsieur," takes leave.
bool takes_leave(const std::string& raw) {
    static const re2::RE2 leave(R"((?i)agr[eé]er|croire|recevoir|recevez|accepter|expression|assurance de)");
    return re2::RE2::PartialMatch(raw, leave);
}

// Where letters name whom they are for, in the upper half, each on a line of its own.
bool is_addressed(const PageText& text) {
    static const re2::RE2 caisse(
        R"(^(?:a la |a l attention de la )?(?:cpam|cgss|caisse (?:primaire )?d assurance maladie|assurance maladie|service medical|echelon local)\b)");
    static const re2::RE2 dated(
        R"((?i)(?:^|[\pL,] ?)\ble (?:\d{1,2}|1er)[ ./-](?:\d{1,2}|\pL{3,9}\.?)[ ./-]\d{2,4}\W*$)");
    bool to_us = false, date = false;
    for (const auto& line : text.page().lines) {
        if (text.y_of(line.box) > kAddressLowest || line.words.size() > kAddressWordsMax) continue;
        to_us |= re2::RE2::PartialMatch(plain_words(line.text()), caisse);
        date |= re2::RE2::PartialMatch(line.text(), dated);
    }
    return to_us && date;
}

}  // namespace

LetterSigns letter_signs(const PageText& text) {
    static const auto farewells = phrases_of({"veuillez agreer",
                                              "je vous prie d agreer",
                                              "je vous prie de croire",
                                              "salutations distinguees",
                                              "sinceres salutations",
                                              "cordialement",
                                              "mes respectueuses salutations",
                                              "nous vous prions d agreer",
                                              "veuillez recevoir",
                                              "confraternellement",
                                              "dans l attente de votre reponse",
                                              "bien a vous",
                                              "je vous remercie par avance",
                                              "sentiments distingues",
                                              "consideration distinguee",
                                              "merci d avance",
                                              "d avance merci",
                                              "avec mes remerciements",
                                              "meilleures salutations",
                                              "respectueusement",
                                              "recevez madame",
                                              "recevez monsieur"});
    // With its colon, or with a capital where OCR lost the colon: "Objet dont le contact a blessé la victime" is the
    // label of a form.
    static const re2::RE2 subject(
        R"((?:^|\s)(?i:[o0]b[jil]et|object|sujet)\s?[:;=]|^\W*(?:[Oo0]b[jil]et|Object|Sujet)\s*(?:[-–—.]|\s["«]?\p{Lu}|$))");
    LetterSigns signs;
    const auto& lines = text.page().lines;
    for (std::size_t i = 0; i < lines.size() && !signs.salutation; ++i) {
        const auto raw = lines[i].text();
        signs.salutation = greets(raw) && !takes_leave(raw) && (i == 0 || !takes_leave(lines[i - 1].text()));
    }
    signs.address = is_addressed(text);
    signs.farewell = any_of(text, farewells);
    // "Objet : ..." and the line after it: subjects are often broken.
    for (std::size_t i = 0; i < lines.size() && !signs.object_line; ++i) {
        const auto raw = lines[i].text();
        if (!re2::RE2::PartialMatch(raw, subject) || text.y_of(lines[i].box) > kObjectLowest) continue;
        const auto words = plain_words(raw);
        const auto at = text.folded().find(words);
        if (words.empty() || at == std::string::npos) continue;
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
    // A document code, a country and a filler, which OCR reads as < or «, twice as ( or K; or any line with a run of
    // fillers. Capitals alone are a heading.
    static const re2::RE2 line(
        R"(^[IPACV][A-Z<«]{1,2}(?:FRA|[A-Z]{3})[A-Z0-9]{2,}(?:[<«‹]|[(]{2}|K{2})[A-Z0-9<«‹(K]{4,}|[A-Z0-9]{0,30}(?:<|«|‹){3,})");
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
