// What a pli is, what was read on it, and what was decided: pure values, in the words of the contract.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/strong_id.h"

namespace pleiade {

using PliId = StrongId<struct PliIdTag>;            // 32 hex digits, derived from the registration key
using DocumentId = StrongId<struct DocumentIdTag>;  // "<pli id>-<number>"; the number never serves twice on a pli
using Caisse = std::string;                         // three digits of an organisme
using Date = std::string;                           // YYYY-MM-DD

// Pixels of the page as scanned, before any rotation.
struct Box {
    int x = 0, y = 0, width = 0, height = 0;
    bool empty() const { return width <= 0 || height <= 0; }
    bool operator==(const Box&) const = default;
};

enum class PageKind { Document, Blank, Separator, Envelope };
enum class Quality { Ok, Blurred, TooDark, TooLight, Cut, Unreadable };
enum class Secrecy { Normal, Medical };  // medical until known
enum class Role { Master, Attachment };
enum class FieldStatus { Valid, Invalid, Unchecked };
enum class DecisionKind { Auto, Keying };
enum class Priority { P0, P1, P2, P3 };

struct Code {
    std::string symbology;  // "QRCode", "Code128", "DataMatrix"... as ZXing names them
    std::string text;
    Box box;
};

struct PageReading {
    int page = 0;  // 1-based over the files of the pli; 0 is the envelope image that the manifest names
    PageKind kind = PageKind::Document;
    int rotation = 0;  // degrees clockwise to apply to read it upright
    Quality quality = Quality::Ok;
    std::vector<Code> codes;
    int width = 0, height = 0;  // pixels as scanned
};

struct FieldValue {
    std::string value;
    double confidence = 0;  // 0 to 1
    FieldStatus status = FieldStatus::Unchecked;
    int page = 0;
    Box box{};
    bool keyed = false;  // by a person, not read
};
// Field names are those of the contract, section 3: kFieldNames below.
using Fields = std::map<std::string, std::vector<FieldValue>>;

inline constexpr std::array<std::string_view, 15> kFieldNames = {
    "nir",           "beneficiary_nir", "birth_date", "last_name", "first_name", "postal_code",
    "iban",          "siret",           "finess",     "rpps",      "caisse",     "document_date",
    "accident_date", "period_from",     "period_to"};

struct Reason {
    std::string text;  // one a person can read, in French
    int page = 0;      // where the evidence stands, 0 when it has no place
    Box box;
};

inline constexpr std::string_view kUnknownType = "UNKNOWN";

// A question that a form asks by boxes to tick: "third_party", answered "yes".
struct Tick {
    std::string question;
    std::string answer;     // empty when doubtful
    bool doubtful = false;  // struck out, faint, two boxes of one question: nobody may guess what was meant
    int page = 0;
};

struct DocumentReading {
    int id = 0;  // 1, 2, 3... inside the reading
    std::string type = std::string(kUnknownType);
    double confidence = 0;
    bool certain = false;  // the reader's own judgement of type and page cut; false leads to keying
    Role role = Role::Master;
    std::optional<int> attached_to;  // id of its master
    std::vector<int> pages;          // in order
    std::map<int, int> volets;       // page -> volet number, for types with parts; absent = could not be told
    std::vector<Reason> reasons;
    Fields fields;
    // What a person has settled, so that nobody is asked again: kSettled... below, and names of fields, whether keyed,
    // absent or illegible.
    std::vector<std::string> settled{};
    Caisse keyed_affiliation{};  // that a person named; empty: nobody did
    std::vector<std::string> absent{};
    std::vector<std::string> illegible{};
    std::vector<Tick> ticks{};  // one a question at most; questions without an answer are left out
};

inline constexpr std::string_view kSettledType = "type";
inline constexpr std::string_view kSettledPages = "pages";
inline constexpr std::string_view kSettledAffiliation = "affiliation";
inline constexpr std::string_view kSettledVolets = "volets";
bool is_settled(const DocumentReading& document, std::string_view what);

struct Reading {
    std::vector<PageReading> pages;
    std::vector<DocumentReading> documents;
    double cpu_ms = 0;
    std::string reader_version;
};

struct Copy {
    Caisse processed_by;
    std::string service;
    std::vector<int> pages;
};

struct Route {
    Caisse processed_by;
    std::string service;
    std::vector<int> pages;  // the images that this recipient may see
    Priority priority = Priority::P3;
    std::string rule;
    std::string due;                       // RFC 3339, Europe/Paris
    std::optional<std::string> legal_due;  // YYYY-MM-DD
    std::string legal_rule;                // where legal_due comes from
    std::vector<Copy> copies;
};

struct Affiliation {
    Caisse caisse;
    std::string from;  // "addressed", "organisme code", "NIR"...
};

struct Decision {
    int document = 0;  // id of the DocumentReading
    DecisionKind kind = DecisionKind::Keying;
    Secrecy secrecy = Secrecy::Medical;
    std::vector<std::string> to_key;
    std::string keyed_by = "platform";  // "platform" or "service"; before or after the queue
    bool keyed_before_queue = true;
    Affiliation affiliation;
    std::optional<Route> route;  // a proposal when kind is Keying; empty for UNKNOWN
    std::vector<std::string> reasons;
};

// The words of the contract for each enumeration, both ways.
std::string_view to_word(PageKind);
std::string_view to_word(Quality);
std::string_view to_word(Secrecy);
std::string_view to_word(Role);
std::string_view to_word(FieldStatus);
std::string_view to_word(DecisionKind);
std::string_view to_word(Priority);
std::optional<Priority> priority_from(std::string_view word);
std::optional<PageKind> page_kind_from(std::string_view word);
std::optional<Quality> quality_from(std::string_view word);

}  // namespace pleiade
