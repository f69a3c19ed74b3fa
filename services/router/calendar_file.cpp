#include "services/router/calendar_file.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>

namespace pleiade::router {
namespace {

const std::vector<std::string> kTopKeys = {"version", "time_zone", "close_of_business", "p0_minutes", "holiday"};
const std::vector<std::string> kHolidayKeys = {"name_fr",      "date",       "days_after_easter",
                                               "departements", "year_first", "year_last"};
constexpr int kP0MinutesMax = 24 * 60;

// Reads one table of the file; every slip is added with its place.
class TomlReader {
  public:
    TomlReader(const std::string& file, const toml::table& table, TableProblems& problems)
        : file_(file), table_(table), problems_(problems) {}

    void refuse_unknown(const std::vector<std::string>& known) {
        for (const auto& [key, node] : table_) {
            const std::string name(key.str());
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                add(key.source().begin, unknown_word(name, "a known key", known));
            }
        }
    }
    std::optional<std::string> text(std::string_view key) { return value<std::string>(key, "a text between quotes"); }
    std::optional<int> number(std::string_view key, int min, int max) {
        const auto found = value<std::int64_t>(key, fmt::format("a whole number from {} to {}", min, max));
        if (!found) return std::nullopt;
        if (*found < min || *found > max) {
            add_at(key, fmt::format("«{}» takes a whole number from {} to {}", key, min, max));
            return std::nullopt;
        }
        return static_cast<int>(*found);
    }
    void add_at(std::string_view key, std::string_view what) {
        const auto* node = table_.get(key);
        add(node == nullptr ? table_.source().begin : node->source().begin, what);
    }
    void add(const toml::source_position& where, std::string_view what) {
        problems_.add(file_, static_cast<int>(where.line), static_cast<int>(where.column), what);
    }

  private:
    template <class T>
    std::optional<T> value(std::string_view key, std::string_view accepts) {
        const auto* node = table_.get(key);
        if (node == nullptr) return std::nullopt;
        auto found = node->value_exact<T>();
        if (!found) add(node->source().begin, fmt::format("«{}» takes {}", key, accepts));
        return found;
    }
    const std::string& file_;
    const toml::table& table_;
    TableProblems& problems_;
};

std::optional<int> two_digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.size() != 2 || error != std::errc{} || end != text.data() + 2) return std::nullopt;
    return value;
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = two_digits(text.substr(0, 2));
    const auto minutes = two_digits(text.substr(3, 2));
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return std::chrono::minutes{*hours * 60 + *minutes};
}

std::optional<std::chrono::month_day> month_day(std::string_view text) {
    if (text.size() != 5 || text[2] != '-') return std::nullopt;
    const auto month = two_digits(text.substr(0, 2));
    const auto day = two_digits(text.substr(3, 2));
    if (!month || !day || *month < 1 || *day < 1) return std::nullopt;
    const std::chrono::month_day date{std::chrono::month{static_cast<unsigned>(*month)},
                                      std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return date;
}

Holiday holiday_from(const std::string& file, const toml::table& table, const std::vector<std::string>& departements,
                     TableProblems& problems) {
    TomlReader reader(file, table, problems);
    reader.refuse_unknown(kHolidayKeys);
    Holiday holiday;
    holiday.name_fr = reader.text("name_fr").value_or("");
    if (holiday.name_fr.empty()) reader.add_at("name_fr", "a holiday needs its name_fr");
    if (table.contains("date") == table.contains("days_after_easter")) {
        reader.add_at("date", "a holiday has either a date or days_after_easter");
    }
    if (const auto text = reader.text("date")) {
        holiday.fixed = month_day(*text);
        if (!holiday.fixed) reader.add_at("date", fmt::format("«{}» is not a month and day such as 12-25", *text));
    }
    holiday.days_after_easter = reader.number("days_after_easter", -70, 100).value_or(0);
    holiday.year_first = reader.number("year_first", 0, 9999).value_or(0);
    holiday.year_last = reader.number("year_last", 0, 9999).value_or(9999);
    if (holiday.year_last < holiday.year_first) reader.add_at("year_last", "the holiday ends before it begins");
    if (const auto* node = table.get("departements")) {
        const auto* list = node->as_array();
        // An empty list would turn a local holiday into a national one.
        if (list == nullptr || list->empty()) reader.add_at("departements", "«departements» takes a list of texts");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            const auto& item = (*list)[i];
            const auto name = item.value_exact<std::string>();
            if (!name) {
                reader.add(item.source().begin, "a departement is a text such as \"67\"");
                continue;
            }
            if (!departements.empty() &&
                std::find(departements.begin(), departements.end(), *name) == departements.end()) {
                reader.add(item.source().begin, unknown_word(*name, "a departement of organismes.csv", departements));
            }
            holiday.departements.push_back(*name);
        }
    }
    return holiday;
}

}  // namespace

MailRoomCalendar parse_calendar(const TableFile& file, const std::vector<std::string>& departements,
                                TableProblems& problems) {
    MailRoomCalendar calendar;
    try {
        const toml::table table = toml::parse(file.text, file.name);
        TomlReader reader(file.name, table, problems);
        reader.refuse_unknown(kTopKeys);
        calendar.version = reader.text("version").value_or("");
        if (calendar.version.empty()) reader.add_at("version", "the file has no version");
        auto local = LocalTime::open(reader.text("time_zone").value_or("Europe/Paris"));
        if (local) {
            calendar.local_time = *local;
        } else {
            reader.add_at("time_zone", local.error().message);
        }
        if (const auto text = reader.text("close_of_business")) {
            const auto close = time_of_day(*text);
            if (!close) reader.add_at("close_of_business", fmt::format("«{}» is not an hour such as 18:00", *text));
            calendar.close_of_business = close.value_or(calendar.close_of_business);
        }
        if (const auto minutes = reader.number("p0_minutes", 1, kP0MinutesMax)) {
            calendar.p0_delay = std::chrono::minutes{*minutes};
        }
        std::vector<Holiday> holidays;
        const auto* list = table.get_as<toml::array>("holiday");
        if (list == nullptr || !list->is_array_of_tables()) {
            reader.add_at("holiday", "the calendar needs its [[holiday]] tables");
        } else {
            for (const auto& item : *list) {
                holidays.push_back(holiday_from(file.name, *item.as_table(), departements, problems));
            }
        }
        calendar.calendar = Calendar(std::move(holidays));
    } catch (const toml::parse_error& error) {
        const auto where = error.source().begin;
        problems.add(file.name, static_cast<int>(where.line), static_cast<int>(where.column), error.description());
    }
    return calendar;
}

}  // namespace pleiade::router
