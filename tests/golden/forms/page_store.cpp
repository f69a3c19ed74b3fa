#include "tests/golden/forms/page_store.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "common/base/sha256.h"

namespace pleiade::golden {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The files that `text` includes in quotes, as the project writes them: from the root.
std::vector<std::string> included_by(const std::string& text) {
    std::vector<std::string> names;
    const std::string sign = "#include \"";
    for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign, at + 1)) {
        const auto begin = at + sign.size();
        const auto end = text.find('"', begin);
        if (end != std::string::npos) names.push_back(text.substr(begin, end - begin));
    }
    return names;
}

json::array to_json(const Box& box) {
    return {box.x, box.y, box.width, box.height};
}
Box box_from(const json::value& value) {
    const auto& at = value.as_array();
    const auto number = [&](std::size_t i) { return at[i].to_number<int>(); };
    return {number(0), number(1), number(2), number(3)};
}

reader::digits::Odds odds_from(const json::value& value) {
    reader::digits::Odds odds{};
    for (std::size_t k = 0; k < odds.size(); ++k) odds[k] = value.as_array().at(k).to_number<float>();
    return odds;
}

json::object to_json(const reader::PageRead& page) {
    json::object out;
    const auto& reading = page.reading;
    out["page"] = reading.page;
    out["kind"] = to_word(reading.kind);
    out["rotation"] = reading.rotation;
    out["quality"] = to_word(reading.quality);
    out["scanned"] = to_json(Box{0, 0, reading.width, reading.height});
    out["upright"] = to_json(Box{0, 0, page.text.width, page.text.height});
    out["skew"] = page.text.skew_degrees;
    json::array codes, lines;
    for (const auto& code : reading.codes) codes.push_back({code.symbology, code.text, to_json(code.box)});
    for (const auto& line : page.text.lines) {
        json::array words;
        for (const auto& word : line.words) {
            json::array one{word.text, word.confidence, to_json(word.box)};
            if (word.odds) one.push_back(json::array(word.odds->begin(), word.odds->end()));
            words.push_back(std::move(one));
        }
        lines.push_back({std::move(words), to_json(line.box), line.block});
    }
    out["codes"] = std::move(codes);
    out["lines"] = std::move(lines);
    return out;
}

reader::PageRead page_from(const json::object& in) {
    reader::PageRead page;
    auto& reading = page.reading;
    const Box scanned = box_from(in.at("scanned")), upright = box_from(in.at("upright"));
    reading.page = page.text.page = in.at("page").to_number<int>();
    reading.kind = page_kind_from(in.at("kind").as_string()).value();
    reading.quality = quality_from(in.at("quality").as_string()).value();
    reading.rotation = page.text.rotation = in.at("rotation").to_number<int>();
    reading.width = page.text.scanned_width = scanned.width;
    reading.height = page.text.scanned_height = scanned.height;
    page.text.width = upright.width;
    page.text.height = upright.height;
    page.text.skew_degrees = in.at("skew").to_number<double>();
    for (const auto& code : in.at("codes").as_array()) {
        reading.codes.push_back(
            {std::string(code.at(0).as_string()), std::string(code.at(1).as_string()), box_from(code.at(2))});
    }
    for (const auto& entry : in.at("lines").as_array()) {
        reader::OcrLine line;
        for (const auto& word : entry.at(0).as_array()) {
            auto& kept = line.words.emplace_back(reader::OcrWord{std::string(word.at(0).as_string()),
                                                                 word.at(1).to_number<double>(), box_from(word.at(2))});
            if (word.as_array().size() > 3) kept.odds = odds_from(word.at(3));
        }
        line.box = box_from(entry.at(1));
        line.block = entry.at(2).to_number<int>();
        page.text.lines.push_back(std::move(line));
    }
    return page;
}

}  // namespace

std::string reading_digest(const fs::path& source) {
    std::vector<std::string> open = {"services/reader/page_reader.cpp", "services/reader/tesseract_engine.cpp",
                                     "services/decoder/main.cpp"};
    std::set<std::string> seen(open.begin(), open.end());
    Sha256 digest;
    while (!open.empty()) {
        const auto name = open.back();
        open.pop_back();
        const auto text = text_of(source / name);
        digest.update(name + '\n' + text);
        for (auto next : included_by(text)) {
            const auto beside = fs::path(next).replace_extension(".cpp").string();
            for (const auto& file : {next, beside}) {
                if (fs::exists(source / file) && seen.insert(file).second) open.push_back(file);
            }
        }
    }
    std::error_code ignored;
    digest.update(text_of(source / "deploy/models/digits.model"));
    digest.update(std::to_string(fs::file_size("/usr/share/tesseract-ocr/5/tessdata/fra.traineddata", ignored)));
    return digest.finish_hex();
}

std::optional<std::vector<reader::PageRead>> PageStore::find(const std::string& key) const {
    boost::system::error_code failed;
    const auto kept = json::parse(text_of(folder_ / (key + ".json")), failed);
    if (failed || !kept.is_array()) return std::nullopt;
    std::vector<reader::PageRead> pages;
    for (const auto& page : kept.as_array()) pages.push_back(page_from(page.as_object()));
    return pages;
}

void PageStore::keep(const std::string& key, const std::vector<reader::PageRead>& pages) const {
    std::error_code ignored;
    fs::create_directories(folder_, ignored);
    json::array list;
    for (const auto& page : pages) list.push_back(to_json(page));
    const auto whole = folder_ / (key + ".json"), part = folder_ / (key + ".part");
    std::ofstream(part, std::ios::binary) << json::serialize(list);
    fs::rename(part, whole, ignored);
}

}  // namespace pleiade::golden
