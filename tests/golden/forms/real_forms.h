// Finds the real forms of ../shared/data and renders their pages as a scanner would give them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "services/reader/reader.h"

namespace pleiade::golden {

// The folder of real data, or nothing when it is not on this machine.
std::optional<std::filesystem::path> shared_data();

// A folder of its own for each test, removed at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

struct Rendering {
    int dpi = 0;  // 0: the file itself
    bool upside_down = false;
    std::string name() const;
};
// By default one rendering a form, so that `make test` stays short; all of them with PLEIADE_FULL=1. `index` picks
// which one, so that a run over many forms meets every kind.
std::vector<Rendering> renderings(std::size_t index);

// Pages as PNG files, by pdftoppm for PDF. Images are taken as they are.
std::vector<std::string> render(const std::filesystem::path& form, const Rendering& rendering,
                                const std::filesystem::path& into);

// The pli that holds these files, in order.
reader::PliFiles pli_of(const std::vector<std::string>& files);

}  // namespace pleiade::golden
