// Reads the plis of a generated mail (tests/mail) and compares them with its truth.jsonl: how many masters got their
// type, how many that the reader was certain of are wrong, which types are taken for which.
//
//   compare_truth [--verbose] MAIL_FOLDER CONFIG_FOLDER [PROCESSES]
//
// Each process reads its share of the plis and writes what it found as lines of text to its parent.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "common/vision/decode.h"
#include "services/reader/reader_parts.h"

namespace json = boost::json;

namespace pleiade {
namespace {

struct Options {
    bool verbose = false;
    std::string mail, config;
    int processes = 2;
};

struct Figures {
    int masters = 0, right_type = 0, right_pages = 0, right_role = 0;
    int certain = 0, certain_wrong = 0;
    int pages = 0, kind_wrong = 0, rotation_wrong = 0;
    int volets = 0, volets_wrong = 0, volets_missing = 0;
    double cpu_ms = 0;
};

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

reader::PliFiles files_of(const json::object& truth, const std::string& mail) {
    const auto lot = std::string(truth.at("lot").as_string());
    const auto folder = mail + "/" + lot;
    const auto manifest = json::parse(text_of(folder + "/lot.json")).as_object();
    reader::PliFiles pli;
    pli.context.lot = lot;
    pli.context.pli = std::string(truth.at("pli").as_string());
    pli.context.caisse = std::string(manifest.at("caisse").as_string());
    pli.context.received_on = std::string(manifest.at("received_on").as_string());
    for (const auto& entry : manifest.at("plis").as_array()) {
        if (entry.at("pli").as_string() != pli.context.pli) continue;
        int page = 1;
        for (const auto& file : entry.at("files").as_array()) {
            const auto path = folder + "/" + std::string(file.as_string());
            vision::DecodeOptions count;
            count.pixels = false;
            count.codes = false;
            const auto decoded = vision::decode_file(path, count);
            const auto images = decoded ? decoded->sizes.size() : 1;
            for (std::size_t i = 0; i < images; ++i) {
                pli.pages.push_back({page++, static_cast<int>(pli.paths.size()), static_cast<int>(i), std::nullopt});
            }
            pli.paths.push_back(path);
        }
    }
    return pli;
}

std::vector<int> pages_of(const json::value& document) {
    std::vector<int> pages;
    for (const auto& page : document.at("pages").as_array()) pages.push_back(static_cast<int>(page.as_int64()));
    return pages;
}

// "key value..." lines that the parent adds up.
void report(std::FILE* out, const json::object& truth, const Reading& reading, bool verbose) {
    const auto pli = std::string(truth.at("pli").as_string());
    fmt::print(out, "cpu {}\n", reading.cpu_ms);
    for (const auto& page : truth.at("pages").as_array()) {
        const auto number = static_cast<int>(page.at("page").as_int64());
        const auto found = std::find_if(reading.pages.begin(), reading.pages.end(),
                                        [&](const PageReading& p) { return p.page == number; });
        if (number == 0) continue;  // the envelope is not handed over here
        const bool kind =
            found != reading.pages.end() && to_word(found->kind) == std::string_view(page.at("kind").as_string());
        const bool rotation = found != reading.pages.end() &&
                              (found->kind != PageKind::Document || found->rotation == page.at("rotation").as_int64());
        fmt::print(out, "page {} {}\n", kind ? 1 : 0, rotation ? 1 : 0);
        if (verbose && (!kind || !rotation)) {
            fmt::print(out, "note {} page {} is {} rotation {}, read {} {}\n", pli, number,
                       std::string_view(page.at("kind").as_string()), page.at("rotation").as_int64(),
                       found == reading.pages.end() ? "nothing" : to_word(found->kind),
                       found == reading.pages.end() ? 0 : found->rotation);
        }
    }
    for (const auto& document : truth.at("documents").as_array()) {
        const auto pages = pages_of(document);
        const auto type = std::string(document.at("type").as_string());
        // The document that was found where this one begins.
        const auto found = std::find_if(reading.documents.begin(), reading.documents.end(), [&](const auto& d) {
            return std::find(d.pages.begin(), d.pages.end(), pages.front()) != d.pages.end();
        });
        if (found == reading.documents.end()) {
            fmt::print(out, "document {} nothing 0 0 0 {}\n", type, std::string_view(document.at("role").as_string()));
            continue;
        }
        const bool role = to_word(found->role) == std::string_view(document.at("role").as_string());
        fmt::print(out, "document {} {} {} {} {} {}\n", type, found->type, found->certain ? 1 : 0,
                   found->pages == pages ? 1 : 0, role ? 1 : 0, std::string_view(document.at("role").as_string()));
        if (verbose && (found->type != type || found->pages != pages || !found->certain)) {
            std::string reasons;
            for (const auto& reason : found->reasons) reasons += " ; " + reason.text;
            fmt::print(
                out, "note {} {} ({}) pages {} read {} {:.3f} certain={} pages {}{}\n", pli, type,
                document.as_object().contains("template") ? std::string_view(document.at("template").as_string()) : "?",
                fmt::join(pages, ","), found->type, found->confidence, found->certain, fmt::join(found->pages, ","),
                reasons);
        }
    }
}

int work(const Options& options, const std::vector<json::object>& truths, int share, int descriptor) {
    std::FILE* out = ::fdopen(descriptor, "w");
    const auto nomenclature = Nomenclature::parse(text_of(options.config + "/nomenclature.csv"), "nomenclature.csv");
    if (!nomenclature) {
        fmt::print(stderr, "{}\n", nomenclature.error().message);
        return 78;
    }
    reader::ReaderSettings settings;
    settings.config_folder = options.config;
    const auto reader = reader::Reader::open(settings, *nomenclature);
    if (!reader) {
        fmt::print(stderr, "{}\n", reader.error().message);
        return 78;
    }
    for (std::size_t i = static_cast<std::size_t>(share); i < truths.size();
         i += static_cast<std::size_t>(options.processes)) {
        const auto reading = (*reader)->read(files_of(truths[i], options.mail), [] { return true; });
        if (reading) {
            report(out, truths[i], *reading, options.verbose);
        } else {
            fmt::print(out, "note {} {}\n", std::string_view(truths[i].at("pli").as_string()), reading.error().code);
        }
        std::fflush(out);
    }
    std::fclose(out);
    return 0;
}

int percent(int part, int whole) {
    return whole == 0 ? 0 : static_cast<int>(100.0 * part / whole + 0.5);
}

int compare(const Options& options) {
    std::vector<json::object> truths;
    std::ifstream file(options.mail + "/truth.jsonl");
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) truths.push_back(json::parse(line).as_object());
    }
    if (truths.empty()) {
        fmt::print(stderr, "{}/truth.jsonl has no pli; generate mail with pleiade-mail first\n", options.mail);
        return 65;
    }
    int ends[2];
    if (::pipe(ends) != 0) return 70;
    for (int share = 0; share < options.processes; ++share) {
        if (::fork() == 0) {
            ::close(ends[0]);
            ::_exit(work(options, truths, share, ends[1]));
        }
    }
    ::close(ends[1]);
    Figures figures;
    std::map<std::pair<std::string, std::string>, int> confusions;
    std::FILE* in = ::fdopen(ends[0], "r");
    char buffer[4096];
    while (std::fgets(buffer, sizeof buffer, in) != nullptr) {
        const std::string line(buffer);
        char truth[64] = {}, found[64] = {}, role_word[64] = {};
        int certain = 0, pages = 0, role = 0;
        double cpu = 0;
        if (std::sscanf(buffer, "cpu %lf", &cpu) == 1) {
            figures.cpu_ms += cpu;
        } else if (std::sscanf(buffer, "page %d %d", &pages, &role) == 2) {
            ++figures.pages;
            figures.kind_wrong += pages == 0 ? 1 : 0;
            figures.rotation_wrong += role == 0 ? 1 : 0;
        } else if (std::sscanf(buffer, "document %63s %63s %d %d %d %63s", truth, found, &certain, &pages, &role,
                               role_word) == 6) {
            const bool right = std::string(truth) == found;
            figures.certain += certain;
            figures.certain_wrong += certain == 1 && (!right || pages == 0) ? 1 : 0;
            if (!right) ++confusions[{truth, std::string(found) + (certain == 1 ? " (certain)" : "")}];
            if (std::string(role_word) != "master") continue;
            ++figures.masters;
            figures.right_type += right ? 1 : 0;
            figures.right_pages += pages;
            figures.right_role += role;
        } else if (line.starts_with("note ")) {
            fmt::print("{}", line.substr(5));
        }
    }
    std::fclose(in);
    int worst = 0;
    for (int status = 0; ::wait(&status) > 0;) worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 70);
    for (const auto& [pair, count] : confusions) fmt::print("{:3} {} read as {}\n", count, pair.first, pair.second);
    fmt::print("plis {}, pages {}, CPU-ms per page {:.0f}\n", truths.size(), figures.pages,
               figures.pages == 0 ? 0 : figures.cpu_ms / figures.pages);
    fmt::print("page kind wrong {}, rotation wrong {}\n", figures.kind_wrong, figures.rotation_wrong);
    fmt::print("masters {}: type right {} ({} %), pages right {} ({} %), role right {} ({} %)\n", figures.masters,
               figures.right_type, percent(figures.right_type, figures.masters), figures.right_pages,
               percent(figures.right_pages, figures.masters), figures.right_role,
               percent(figures.right_role, figures.masters));
    fmt::print("certain {}: wrong type or pages {} ({:.1f} %)\n", figures.certain, figures.certain_wrong,
               figures.certain == 0 ? 0.0 : 100.0 * figures.certain_wrong / figures.certain);
    return worst;
}

}  // namespace
}  // namespace pleiade

int main(int argc, char** argv) {
    pleiade::Options options;
    std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty() && words.front() == "--verbose") {
        options.verbose = true;
        words.erase(words.begin());
    }
    if (words.size() < 2 || words.size() > 3) {
        fmt::print(stderr, "usage: compare_truth [--verbose] MAIL_FOLDER CONFIG_FOLDER [PROCESSES]\n");
        return 64;
    }
    options.mail = words[0];
    options.config = words[1];
    if (words.size() == 3) options.processes = std::clamp(std::atoi(words[2].c_str()), 1, 16);
    return pleiade::compare(options);
}
