#include "services/reader/forms/form_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include "services/reader/forms/blank_files.h"
#include "services/reader/forms/form_file.h"

namespace pleiade::reader::forms {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileBytesMax = 4u << 20;
constexpr int kInkPixelsOff = 6;  // a millimetre between the image and the page size that the TOML file gives

Error wrong(const std::string& what) {
    return {ErrorKind::Invalid, "CONFIG_INVALID", what};
}

Result<std::string> bytes_of(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file) return invalid("CONFIG_INVALID", fmt::format("{}:1:1: cannot be read", path.string()));
    if (size > kFileBytesMax) {
        return invalid("CONFIG_INVALID", fmt::format("{}:1:1: too large for a file of a form", path.string()));
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// What makes two pages the same page of the same form.
std::string identity_of(const Form& form) {
    return fmt::format("{}|{}|{}|{}|{}|{}", form.type, form.cerfa, form.version, form.reference, form.page,
                       form.notice);
}

class Loader {
  public:
    Loader(const Nomenclature& nomenclature, FormFolder& out) : nomenclature_(nomenclature), out_(out) {}

    void take(const fs::path& toml) {
        const auto text = bytes_of(toml);
        if (!text) return out_.errors.push_back(text.error());
        auto form = parse_form(*text, toml.string(), nomenclature_, out_.errors);
        if (!form) return;
        const auto [first, fresh] = seen_.emplace(identity_of(*form), toml.filename().string());
        if (!fresh) {
            return out_.errors.push_back(
                wrong(fmt::format("{}:1:1: the same page of the same form as {}", toml.string(), first->second)));
        }
        RegisteredForm registered;
        if (!blank(toml, *form, registered)) return;
        registered.form = std::move(*form);
        registered.form.stamp_counts = stamp_counts(registered.form.type);
        out_.forms.push_back(std::move(registered));
    }

  private:
    bool stamp_counts(const std::string& code) const {
        const auto* type = nomenclature_.find(code);
        return type != nullptr && std::any_of(type->required.begin(), type->required.end(),
                                              [](const auto& field) { return field == "rpps" || field == "finess"; });
    }

    bool blank(const fs::path& toml, const Form& form, RegisteredForm& registered) {
        const auto image = fs::path(toml).replace_extension(".pbm");
        const auto bytes = bytes_of(image);
        if (!bytes) {
            out_.errors.push_back(wrong(fmt::format("{}:1:1: its image {} is not there or cannot be read",
                                                    toml.string(), image.filename().string())));
            return false;
        }
        auto print = parse_print(*bytes, image.string());
        if (!print) {
            out_.errors.push_back(print.error());
            return false;
        }
        const auto& ink = print->sure;
        if (std::abs(ink.cols - form.size.width * pixels_per_mm()) > kInkPixelsOff ||
            std::abs(ink.rows - form.size.height * pixels_per_mm()) > kInkPixelsOff) {
            out_.errors.push_back(wrong(fmt::format(
                "{}:1:1: «size_mm» says {} x {} mm, its image is one of {:.1f} x {:.1f} mm", toml.string(),
                form.size.width, form.size.height, ink.cols / pixels_per_mm(), ink.rows / pixels_per_mm())));
            return false;
        }
        const auto list = fs::path(toml).replace_extension(".words");
        if (const auto text = bytes_of(list)) {
            auto words = parse_words(*text, list.string());
            if (!words) {
                out_.errors.push_back(words.error());
                return false;
            }
            registered.words = std::move(*words);
        }
        registered.packed = *bytes;
        return true;
    }

    const Nomenclature& nomenclature_;
    FormFolder& out_;
    std::map<std::string, std::string> seen_;
};

std::vector<fs::path> files_of(const std::string& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Result<void> write_whole(const fs::path& path, const std::string& bytes) {
    const auto part = fs::path(path).concat(".part");
    {
        std::ofstream file(part, std::ios::binary);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        file.close();
        if (!file) {
            return unavailable("FORM_NOT_WRITTEN",
                               fmt::format("cannot write {}; check the folder's rights and room", part.string()));
        }
    }
    std::error_code error;
    fs::rename(part, path, error);
    if (error) {
        return unavailable("FORM_NOT_WRITTEN", fmt::format("cannot write {}: {}", path.string(), error.message()));
    }
    return {};
}

}  // namespace

FormFolder load_form_folder(const std::string& folder, const Nomenclature& nomenclature) {
    FormFolder found;
    Loader loader(nomenclature, found);
    std::size_t taken = 0;
    for (const auto& file : files_of(folder)) {
        if (file.extension() != ".toml") continue;
        if (++taken > kFormsMax) {
            found.errors.push_back(wrong(fmt::format("{}:1:1: more than {} forms", folder, kFormsMax)));
            break;
        }
        loader.take(file);
    }
    return found;
}

std::uint64_t state_of_folder(const std::string& folder) {
    std::uint64_t state = 0;
    for (const auto& file : files_of(folder)) {
        if (file.extension() == ".part") continue;
        std::error_code error;
        const auto written = fs::last_write_time(file, error).time_since_epoch().count();
        const auto mixed = std::hash<std::string>{}(file.filename().string()) ^
                           (static_cast<std::uint64_t>(written) * 0x9e3779b97f4a7c15ull);
        state = state * 31 + mixed + 1;
    }
    return state;
}

Result<void> save_form(const std::string& folder, const RegisteredForm& form, std::string_view comment, bool replace) {
    std::error_code error;
    fs::create_directories(folder, error);
    const auto base = fs::path(folder) / form.form.id;
    const auto toml = fs::path(base).concat(".toml");
    if (!replace && fs::exists(toml, error)) {
        return conflict("FORM_EXISTS", fmt::format("{} is there already; --replace writes it anew", toml.string()));
    }
    fs::remove(toml, error);  // until the new one stands, the form is not there
    const auto image = form.packed.empty() ? write_print(form.print) : form.packed;
    if (auto done = write_whole(fs::path(base).concat(".pbm"), image); !done) return done;
    if (auto done = write_whole(fs::path(base).concat(".words"), write_words(form.words)); !done) return done;
    return write_whole(toml, write_form(form.form, comment));
}

}  // namespace pleiade::reader::forms
