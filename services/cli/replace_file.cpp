#include "services/cli/replace_file.h"

#include <filesystem>
#include <fstream>

namespace pleiade::cli {

Result<void> replace_file(const std::string& path, std::string_view bytes) {
    const std::filesystem::path place = path;
    std::error_code error;
    if (place.has_parent_path()) std::filesystem::create_directories(place.parent_path(), error);
    const auto beside = path + ".new";
    std::ofstream file(beside, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (file) std::filesystem::rename(beside, place, error);
    if (file && !error) return {};
    std::filesystem::remove(beside, error);
    return unavailable("NOT_WRITTEN", path + " cannot be written; has its folder the rights, and its disk room?");
}

}  // namespace pleiade::cli
