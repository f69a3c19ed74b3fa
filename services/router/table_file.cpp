#include "services/router/table_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pleiade::router {
namespace {

constexpr std::string_view kVersionMark = "# version:";

void check_columns(const TableFile& file, const std::vector<std::string>& columns, TableProblems& problems) {
    int line = 0;
    for (const auto& raw : split(file.text, '\n')) {
        ++line;
        const auto text = trim(raw);
        if (text.empty() || text.front() == '#') continue;
        int column = 1;
        for (const auto& cell : split(text, ';')) {
            const auto name = trim(cell);
            if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
                problems.add(file.name, line, column, unknown_word(name, "a column of this table", columns));
            }
            column += static_cast<int>(cell.size()) + 1;
        }
        return;
    }
}

}  // namespace

std::optional<TableFile> read_config_file(const std::string& folder, const std::string& name, TableProblems& problems) {
    std::ifstream stream(std::filesystem::path(folder) / name, std::ios::binary);
    if (!stream) {
        problems.add(name, 1, 1, fmt::format("cannot be read in {}; check the folder and its rights", folder));
        return std::nullopt;
    }
    TableFile file;
    file.name = name;
    file.text.assign(std::istreambuf_iterator<char>(stream), {});
    return file;
}

std::optional<TableFile> read_table_file(const std::string& folder, const std::string& name,
                                         const std::vector<std::string>& columns, TableProblems& problems) {
    auto file = read_config_file(folder, name, problems);
    if (!file) return std::nullopt;
    std::string_view first = file->text;
    if (first.substr(0, 3) == "\xEF\xBB\xBF") {
        file->text.erase(0, 3);
        first = file->text;
    }
    first = trim(first.substr(0, first.find('\n')));
    // A spreadsheet that saves the table adds the missing separators at the end of the line.
    while (!first.empty() && first.back() == ';') first.remove_suffix(1);
    if (first.substr(0, kVersionMark.size()) == kVersionMark) {
        file->version = trim(first.substr(kVersionMark.size()));
    }
    if (file->version.empty()) {
        problems.add(name, 1, 1, "the table has no version; its first line is «# version: 2026-11-20»");
    }
    check_columns(*file, columns, problems);
    return file;
}

}  // namespace pleiade::router
