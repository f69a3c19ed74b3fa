#include "tests/unit/binder/poppler.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace pleiade::binder {

namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "pleiade-binder-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

Ran run(const std::string& command) {
    Ran ran;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return ran;
    char buffer[4096];
    while (const auto n = std::fread(buffer, 1, sizeof buffer, pipe)) ran.output.append(buffer, n);
    const int status = ::pclose(pipe);
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint8_t luminance(int red, int green, int blue) {
    return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
}

// P4, P5 and P6, as poppler writes them.
Shown read_pnm(const std::string& text) {
    std::istringstream in(text);
    std::string magic;
    Shown shown;
    int top = 1;
    in >> magic >> shown.width >> shown.height;
    if (magic != "P4") in >> top;
    in.get();
    const std::string data(std::istreambuf_iterator<char>(in), {});
    for (int y = 0; y < shown.height; ++y) {
        for (int x = 0; x < shown.width; ++x) {
            const auto i = static_cast<std::size_t>(y * shown.width + x);
            if (magic == "P4") {
                const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>((shown.width + 7) / 8);
                const bool ink = (data.at(row + static_cast<std::size_t>(x) / 8) >> (7 - x % 8)) & 1;
                shown.grey.push_back(ink ? 0 : 255);
            } else {
                const auto at = [&](std::size_t n) { return static_cast<std::uint8_t>(data.at(n)); };
                shown.grey.push_back(magic == "P6" ? luminance(at(3 * i), at(3 * i + 1), at(3 * i + 2)) : at(i));
            }
        }
    }
    return shown;
}

Shown first_result(const std::string& pdf, const std::string& command) {
    const Folder folder;
    std::ofstream(folder.path / "in.pdf", std::ios::binary) << pdf;
    const auto ran = run(command + " " + (folder.path / "in.pdf").string() + " " + (folder.path / "out").string());
    for (const auto& entry : fs::directory_iterator(folder.path)) {
        if (entry.path().extension() != ".pdf") return read_pnm(read(entry.path()));
    }
    throw std::runtime_error(command + ": " + ran.output);
}

}  // namespace

Ran run_tool(const std::string& command, const std::string& input) {
    const Folder folder;
    std::ofstream(folder.path / "in.pdf", std::ios::binary) << input;
    return run(command + " " + (folder.path / "in.pdf").string());
}

Shown extract_image(const std::string& pdf, int page) {
    return first_result(pdf, "pdfimages -f " + std::to_string(page) + " -l " + std::to_string(page));
}

Shown render_page(const std::string& pdf, int page) {
    return first_result(pdf, "pdftoppm -gray -r 72 -f " + std::to_string(page) + " -l " + std::to_string(page));
}

}  // namespace pleiade::binder
