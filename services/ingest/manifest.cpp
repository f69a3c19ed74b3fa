#include "services/ingest/manifest.h"

#include <date/date.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <sstream>

#include "services/ingest/source.h"
#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextBytesMax = 200;

// Reads an object's keys under their types, and remembers the first fault with its pointer.
class Checked {
  public:
    Checked(const json::object& object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

    bool has(std::string_view key) const {
        const auto* value = object_.if_contains(key);
        return value != nullptr && !value->is_null();  // null says no more than an absent key
    }
    std::string text(std::string_view key, bool mandatory = false) {
        const auto* value = look(key, mandatory);
        if (value == nullptr) return {};
        if (!value->is_string()) return fault(key, "a string was expected"), "";
        const std::string found(value->as_string());
        if (found.size() > kTextBytesMax) return fault(key, "longer than 200 bytes"), "";
        if (!is_plain_text(found)) return fault(key, "holds control characters"), "";
        if (mandatory && found.empty()) return fault(key, "is empty"), "";
        return found;
    }
    std::string date(std::string_view key, bool mandatory) {
        const auto found = text(key, mandatory);
        if (!found.empty() && !is_date(found)) fault(key, "a day as YYYY-MM-DD was expected");
        return found;
    }
    std::string timestamp(std::string_view key) {
        const auto found = text(key);
        if (!found.empty() && !is_timestamp(found)) fault(key, "a time as 2026-11-20T07:05:12+01:00 was expected");
        return found;
    }
    std::string channel(std::string_view key) {
        const auto found = text(key);
        if (!found.empty() && found != "post" && found != "counter") fault(key, "post or counter was expected");
        return found;
    }
    std::optional<bool> truth(std::string_view key) {
        const auto* value = look(key, false);
        if (value == nullptr) return std::nullopt;
        if (!value->is_bool()) return fault(key, "true or false was expected"), std::nullopt;
        return value->as_bool();
    }
    std::optional<int> count(std::string_view key, bool mandatory) {
        constexpr std::int64_t kCountMax = 1'000'000;
        const auto* value = look(key, mandatory);
        if (value == nullptr) return std::nullopt;
        if (!value->is_int64() || value->as_int64() < 0 || value->as_int64() > kCountMax) {
            return fault(key, "a count was expected"), std::nullopt;
        }
        return static_cast<int>(value->as_int64());
    }
    const json::array* list(std::string_view key, bool mandatory) {
        const auto* value = look(key, mandatory);
        if (value == nullptr) return nullptr;
        if (!value->is_array()) return fault(key, "a list was expected"), nullptr;
        return &value->as_array();
    }
    const json::object* object(std::string_view key) {
        const auto* value = look(key, false);
        if (value == nullptr) return nullptr;
        if (!value->is_object()) return fault(key, "an object was expected"), nullptr;
        return &value->as_object();
    }
    void fault(std::string_view key, std::string_view what) {
        if (!fault_) fault_ = fmt::format("lot.json, {}/{}: {}", pointer_, key, what);
    }
    std::string pointer_to(std::string_view key) const { return fmt::format("{}/{}", pointer_, key); }
    // Takes over the first fault of a part.
    void absorb(const Checked& part) {
        if (!fault_) fault_ = part.fault_;
    }
    const std::optional<std::string>& fault() const { return fault_; }

  private:
    const json::value* look(std::string_view key, bool mandatory) {
        if (has(key)) return object_.if_contains(key);
        if (mandatory) fault(key, "is missing");
        return nullptr;
    }

    const json::object& object_;
    std::string pointer_;
    std::optional<std::string> fault_;
};

std::optional<Error> refuse_caisse(const Caisse& caisse, const std::string& pointer,
                                   const std::set<std::string>& known) {
    const bool three_digits = caisse.size() == 3 && caisse.find_first_not_of("0123456789") == std::string::npos;
    if (three_digits && (known.empty() || known.contains(caisse))) return std::nullopt;
    const auto* why = three_digits ? "is not a caisse of organismes.csv" : "three digits were expected";
    return Error{ErrorKind::Invalid, "REJ_MANIFEST_CAISSE", fmt::format("lot.json, {}: {}", pointer, why)};
}

std::vector<std::string> strings_of(Checked& owner, std::string_view key, const json::array* list) {
    std::vector<std::string> texts;
    if (list == nullptr) return texts;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto& item = list->at(i);
        if (!item.is_string()) {
            owner.fault(fmt::format("{}/{}", key, i), "a string was expected");
            break;
        }
        texts.emplace_back(item.as_string());
    }
    return texts;
}

// What a pli inherits from its lot.
struct LotWide {
    PliContext context;
    const std::set<std::string>& caisses;
};

ManifestPli parse_pli(Checked& entry, const json::object& object, const LotWide& lot) {
    ManifestPli pli;
    pli.context = lot.context;
    pli.context.pli = entry.text("pli", true);
    pli.files = strings_of(entry, "files", entry.list("files", true));
    if (!entry.fault() && pli.files.empty()) entry.fault("files", "at least one file was expected");
    if (pli.files.size() > kFilesPerPliMax) entry.fault("files", "too many files");
    // An empty name is kept: it is refused with the pli, as unsafe, not with the lot.
    if (entry.has("envelope")) pli.envelope = entry.text("envelope");
    pli.context.registered_mail = entry.text("registered");
    pli.context.original_seen = entry.truth("original_seen");
    strings_of(entry, "endorsers", entry.list("endorsers", false));
    if (entry.has("received_on")) pli.context.received_on = entry.date("received_on", true);
    if (entry.has("channel")) pli.context.channel = entry.channel("channel");
    if (entry.has("caisse")) {
        pli.context.caisse = entry.text("caisse", true);
        pli.rejection = refuse_caisse(pli.context.caisse, entry.pointer_to("caisse"), lot.caisses);
    }
    if (!pli.files.empty()) pli.context.file = escaped(pli.files.front());
    pli.json = json::serialize(object);
    return pli;
}

// A pli number or a file that serves twice would make two plis of one, or one page seen by two people.
void refuse_doubles(Checked& root, const std::vector<ManifestPli>& plis) {
    std::set<std::string> numbers;
    std::set<std::string> files;
    for (std::size_t i = 0; i < plis.size(); ++i) {
        if (!numbers.insert(plis[i].context.pli).second) root.fault(fmt::format("plis/{}/pli", i), "serves twice");
        for (std::size_t n = 0; n < plis[i].files.size(); ++n) {
            if (!files.insert(plis[i].files[n]).second) {
                root.fault(fmt::format("plis/{}/files/{}", i, n), "this file is named twice");
            }
        }
        if (plis[i].envelope && !files.insert(*plis[i].envelope).second) {
            root.fault(fmt::format("plis/{}/envelope", i), "this file is named twice");
        }
    }
}

std::string_view without_byte_order_mark(std::string_view bytes) {
    if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
    return bytes;
}

tl::unexpected<Error> invalid_manifest(std::string message) {
    return invalid("REJ_MANIFEST_INVALID", std::move(message));
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view bytes, const std::set<std::string>& caisses) {
    boost::system::error_code error;
    const auto value = json::parse(without_byte_order_mark(bytes), error);
    if (error) return invalid_manifest("lot.json is not JSON: " + error.message());
    if (!value.is_object()) return invalid_manifest("lot.json: an object was expected");

    Checked root(value.as_object(), "");
    Manifest manifest;
    PliContext context;
    manifest.lot = context.lot = root.text("lot", true);
    manifest.caisse = context.caisse = root.text("caisse", true);
    context.received_on = root.date("received_on", true);
    context.scanned_at = root.timestamp("scanned_at");
    root.timestamp("opened_at");
    for (const auto* key : {"platform", "scanner", "box"}) root.text(key);
    if (const auto channel = root.channel("channel"); !channel.empty()) context.channel = channel;
    if (const auto* announced = root.object("announced")) {
        Checked part(*announced, "/announced");
        manifest.announced_plis = part.count("plis", false);
        manifest.announced_pages = part.count("pages", false).value_or(0);
        root.absorb(part);
    }
    if (const auto* plis = root.list("plis", true)) {
        if (plis->empty()) root.fault("plis", "at least one pli was expected");
        if (plis->size() > kPlisMax) root.fault("plis", "too many plis");
        for (std::size_t i = 0; i < plis->size() && !root.fault(); ++i) {
            const auto pointer = fmt::format("/plis/{}", i);
            if (!plis->at(i).is_object()) {
                root.fault(fmt::format("plis/{}", i), "an object was expected");
                break;
            }
            const auto& object = plis->at(i).as_object();
            Checked entry(object, pointer);
            manifest.plis.push_back(parse_pli(entry, object, {context, caisses}));
            root.absorb(entry);
        }
        refuse_doubles(root, manifest.plis);
    }
    if (root.fault()) return invalid_manifest(*root.fault());
    if (auto refused = refuse_caisse(manifest.caisse, "/caisse", caisses)) return tl::unexpected(*refused);
    manifest.json = json::serialize(value);
    return manifest;
}

bool is_whole_json(std::string_view bytes) {
    boost::system::error_code error;
    json::parse(without_byte_order_mark(bytes), error);
    return !error;
}

bool is_date(std::string_view text) {
    if (text.size() != 10) return false;
    std::istringstream stream{std::string(text)};
    date::year_month_day day;
    stream >> date::parse("%Y-%m-%d", day);
    return !stream.fail() && day.ok() && date::format("%Y-%m-%d", day) == text;
}

bool is_timestamp(std::string_view text) {
    // date's %z wants +0100 or, as %Ez, +01:00; "Z" is the other way to write +00:00.
    std::string with_offset(text);
    if (!with_offset.empty() && with_offset.back() == 'Z') with_offset.replace(with_offset.size() - 1, 1, "+00:00");
    if (with_offset.size() < 25 || with_offset[10] != 'T') return false;
    std::istringstream stream(with_offset);
    date::sys_time<std::chrono::milliseconds> at;
    stream >> date::parse("%Y-%m-%dT%H:%M:%S%Ez", at);
    return !stream.fail() && stream.peek() == std::istringstream::traits_type::eof();
}

}  // namespace pleiade::ingest
