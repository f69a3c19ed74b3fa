#include "services/reader/forms/form_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace pleiade::reader::forms {
namespace {

constexpr double kSideMin = 40, kSideMax = 600;  // millimetres: a ticket, A2
constexpr double kOutsideMax = 0.5;              // a zone may touch the edge

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A version or a reference: what stands in a file name as well.
bool is_mark(std::string_view text) {
    return !text.empty() && text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

class Parser {
  public:
    Parser(const std::string& file, const Nomenclature& nomenclature, std::vector<Error>& errors)
        : file_(file), nomenclature_(nomenclature), errors_(errors) {}

    std::optional<Form> parse(std::string_view text) {
        const auto before = errors_.size();
        toml::table root;
        try {
            root = toml::parse(text);
        } catch (const toml::parse_error& error) {
            say(error.source(), std::string(error.description()));
            return std::nullopt;
        }
        form_.id = std::filesystem::path(file_).stem().string();
        for (const auto& [key, node] : root) take(key.str(), node);
        need(!form_.type.empty(), "type");
        need(form_.size.width > 0, "size_mm");
        if (form_.size.width > 0) zones(root);
        return errors_.size() == before ? std::optional(std::move(form_)) : std::nullopt;
    }

  private:
    void say(const toml::source_region& at, const std::string& what) {
        errors_.push_back({ErrorKind::Invalid, "CONFIG_INVALID",
                           fmt::format("{}:{}:{}: {}", file_, at.begin.line, at.begin.column, what)});
    }
    void need(bool there, std::string_view key) {
        // A key that was there and wrong has been told already.
        if (there || told_.contains(std::string(key))) return;
        errors_.push_back(
            {ErrorKind::Invalid, "CONFIG_INVALID", fmt::format("{}:1:1: the key «{}» is missing", file_, key)});
    }

    void take(std::string_view key, const toml::node& node) {
        const auto wrong = [&](std::string_view accepts) {
            told_[std::string(key)] = true;
            say(node.source(), fmt::format("«{}» takes {}", key, accepts));
        };
        const auto text = node.value_exact<std::string>();
        const auto number = node.value_exact<std::int64_t>();
        if (key == "type") {
            if (!text) return wrong("a text between quotes");
            if (nomenclature_.find(*text) == nullptr) {
                told_["type"] = true;
                return say(node.source(), fmt::format("the nomenclature has no type «{}»", *text));
            }
            form_.type = *text;
        } else if (key == "cerfa") {
            if (!text || !is_digits(*text, 5, 5)) return wrong("the five digits of the Cerfa number, between quotes");
            form_.cerfa = *text;
        } else if (key == "version") {
            if (!text || !is_mark(*text)) return wrong("up to 20 letters, digits, dots and dashes between quotes");
            form_.version = *text;
        } else if (key == "reference") {
            if (!text || !is_mark(*text)) return wrong("up to 20 letters, digits, dots and dashes between quotes");
            form_.reference = *text;
        } else if (key == "page") {
            if (!number || *number < 1 || *number > 99) return wrong("the rank of the page in its form, from 1 to 99");
            form_.page = static_cast<int>(*number);
        } else if (key == "volet") {
            if (!number || *number < 1 || *number > 9) return wrong("the number of the volet, from 1 to 9");
            form_.volet = static_cast<int>(*number);
        } else if (key == "notice") {
            const auto flag = node.value_exact<bool>();
            if (!flag) return wrong("true or false");
            form_.notice = *flag;
        } else if (key == "size_mm") {
            const auto sides = numbers(node);
            const auto good = [](double side) { return side >= kSideMin && side <= kSideMax; };
            if (sides.size() != 2 || !good(sides[0]) || !good(sides[1])) {
                return wrong("[width, height] of the page in millimetres, each from 40 to 600");
            }
            form_.size = {sides[0], sides[1]};
        } else if (key == "unit") {
            if (!text || (*text != "mm" && *text != "fraction")) return wrong("\"mm\" or \"fraction\"");
            fraction_ = *text == "fraction";
        } else if (key != "zone") {
            say(node.source(), fmt::format("no key of a form is called «{}»", key));
        }
    }

    static std::vector<double> numbers(const toml::node& node) {
        std::vector<double> values;
        if (const auto* array = node.as_array()) {
            for (const auto& one : *array) {
                const auto value = one.value<double>();
                if (!value) return {};
                values.push_back(*value);
            }
        }
        return values;
    }

    void zones(const toml::table& root) {
        const auto* node = root.get("zone");
        if (node == nullptr) return;
        const auto* array = node->as_array();
        if (array == nullptr) return say(node->source(), "zones are written [[zone]]");
        if (array->size() > kZonesMax) return say(node->source(), fmt::format("more than {} zones", kZonesMax));
        for (const auto& one : *array) {
            const auto* table = one.as_table();
            if (table == nullptr) return say(one.source(), "zones are written [[zone]]");
            zone(*table);
        }
    }

    void zone(const toml::table& table) {
        Zone zone;
        bool named = false, kinded = false, boxed = false;
        std::optional<std::int64_t> cells;
        for (const auto& [key, node] : table) {
            const auto text = node.value_exact<std::string>();
            if (key == "name" || key == "group") {
                if (!text || !is_name(*text)) {
                    say(node.source(), fmt::format("«{}» takes small letters, digits and underscores", key.str()));
                } else if (key == "group") {
                    zone.group = *text;
                } else if (names_.contains(*text)) {
                    say(node.source(),
                        fmt::format("the zone «{}» is named twice, first in line {}", *text, names_.at(*text)));
                } else {
                    zone.name = *text;
                    names_[*text] = node.source().begin.line;
                }
                named |= key == "name";
            } else if (key == "kind") {
                const auto kind = text ? zone_kind_from(*text) : std::nullopt;
                if (!kind) say(node.source(), "«kind» is comb, line, text, tick or signature");
                zone.kind = kind.value_or(ZoneKind::Line);
                kinded = true;
            } else if (key == "box") {
                zone.box = box(node);
                boxed = true;
            } else if (key == "cells") {
                cells = node.value_exact<std::int64_t>();
                if (!cells || *cells < 1 || *cells > 60) say(node.source(), "«cells» is a number from 1 to 60");
            } else if (key == "cell_starts") {
                zone.cell_starts = numbers(node);
                if (zone.cell_starts.empty()) say(node.source(), "«cell_starts» is a list of numbers");
                for (auto& start : zone.cell_starts) start *= fraction_ ? form_.size.width : 1;
            } else if (key == "cell_width") {
                zone.cell_width = node.value<double>().value_or(0) * (fraction_ ? form_.size.width : 1);
                if (!(zone.cell_width > 0)) say(node.source(), "«cell_width» is a number above 0");
            } else {
                say(node.source(), fmt::format("no key of a zone is called «{}»", key.str()));
            }
        }
        if (!named) say(table.source(), "this zone has no name");
        if (!kinded) say(table.source(), "this zone has no kind");
        if (!boxed) say(table.source(), "this zone has no box");
        if (!named || !kinded || !boxed || zone.box.empty()) return;
        if (zone.kind == ZoneKind::Comb && !cut_cells(table, zone, cells)) return;
        form_.zones.push_back(std::move(zone));
    }

    cv::Rect2d box(const toml::node& node) {
        const auto sides = numbers(node);
        if (sides.size() != 4 || !(sides[2] > 0) || !(sides[3] > 0)) {
            say(node.source(), "«box» is [x, y, width, height] from the top left of the page");
            return {};
        }
        const cv::Size2d scale = fraction_ ? form_.size : cv::Size2d(1, 1);
        const cv::Rect2d box(sides[0] * scale.width, sides[1] * scale.height, sides[2] * scale.width,
                             sides[3] * scale.height);
        if (!(box.x >= -kOutsideMax && box.y >= -kOutsideMax && box.br().x <= form_.size.width + kOutsideMax &&
              box.br().y <= form_.size.height + kOutsideMax)) {
            say(node.source(),
                fmt::format("this zone lies outside the page of {} x {} mm", form_.size.width, form_.size.height));
            return {};
        }
        return box;
    }

    bool cut_cells(const toml::table& table, Zone& zone, std::optional<std::int64_t> cells) {
        if (!zone.cell_starts.empty()) {
            if (!(zone.cell_width > 0)) {
                say(table.source(), "«cell_starts» goes with «cell_width»");
                return false;
            }
            const bool inside = std::is_sorted(zone.cell_starts.begin(), zone.cell_starts.end()) &&
                                zone.cell_starts.front() >= zone.box.x - 1 &&
                                zone.cell_starts.back() + zone.cell_width <= zone.box.br().x + 1;
            if (!inside) say(table.source(), "the cells are not in order, or not inside their zone");
            return inside;
        }
        if (!cells || *cells < 1) {
            say(table.source(), "a comb says how many «cells» it has, or where they start");
            return false;
        }
        zone.cell_width = zone.box.width / static_cast<double>(*cells);
        for (int i = 0; i < *cells; ++i) zone.cell_starts.push_back(zone.box.x + i * zone.cell_width);
        return true;
    }

    const std::string& file_;
    const Nomenclature& nomenclature_;
    std::vector<Error>& errors_;
    Form form_;
    bool fraction_ = false;
    std::map<std::string, bool> told_;
    std::map<std::string, std::uint32_t> names_;
};

}  // namespace

std::optional<Form> parse_form(std::string_view toml, const std::string& file_name, const Nomenclature& nomenclature,
                               std::vector<Error>& errors) {
    return Parser(file_name, nomenclature, errors).parse(toml);
}

std::string write_form(const Form& form, std::string_view comment) {
    std::string text = fmt::format("# {}\ntype = \"{}\"\n", comment, form.type);
    if (!form.cerfa.empty()) text += fmt::format("cerfa = \"{}\"\n", form.cerfa);
    if (!form.version.empty()) text += fmt::format("version = \"{}\"\n", form.version);
    if (!form.reference.empty()) text += fmt::format("reference = \"{}\"\n", form.reference);
    text += fmt::format("page = {}\n", form.page);
    if (form.volet) text += fmt::format("volet = {}\n", *form.volet);
    if (form.notice) text += "notice = true\n";
    text += fmt::format("size_mm = [{:.2f}, {:.2f}]\n", form.size.width, form.size.height);
    for (const auto& zone : form.zones) {
        text += fmt::format("\n[[zone]]\nname = \"{}\"\nkind = \"{}\"\nbox = [{:.2f}, {:.2f}, {:.2f}, {:.2f}]\n",
                            zone.name, to_word(zone.kind), zone.box.x, zone.box.y, zone.box.width, zone.box.height);
        if (!zone.group.empty()) text += fmt::format("group = \"{}\"\n", zone.group);
        if (zone.kind == ZoneKind::Comb) {
            text += fmt::format("cell_width = {:.2f}\ncell_starts = [", zone.cell_width);
            for (std::size_t i = 0; i < zone.cell_starts.size(); ++i) {
                text += fmt::format("{}{:.2f}", i == 0 ? "" : ", ", zone.cell_starts[i]);
            }
            text += "]\n";
        }
    }
    return text;
}

}  // namespace pleiade::reader::forms
