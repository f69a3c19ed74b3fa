// A folder that exists as long as the test does.
#pragma once

#include <filesystem>
#include <string>

namespace pleiade::test {

class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, const std::string& content);

// The folder of real data beside the project ($PLEIADE_SHARED_DATA, else ../shared/data); empty when it is not there.
std::filesystem::path shared_data();
// The tables that an installation starts from.
std::filesystem::path config_folder();
// Where the programs of this build are ($PLEIADE_BIN).
std::filesystem::path programs();

}  // namespace pleiade::test
