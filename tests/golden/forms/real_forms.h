// Finds the real forms of ../shared/data and renders their pages as a scanner would give them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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
// Whether this run tries everything (PLEIADE_FULL=1, `make accept`) or a share that keeps `make test` short.
bool whole_run();
// A PDF as it is, and its pages as scans of 200 and 300 dpi, upright and upside down; an image both ways up. In a share
// one of them, which `index` picks, so that a run over many forms meets every kind.
std::vector<Rendering> renderings(const std::filesystem::path& form, std::size_t index);

// The files of a rendering, by pdftoppm for the pages of a PDF. Images are taken as they are.
std::vector<std::string> render(const std::filesystem::path& form, const Rendering& rendering,
                                const std::filesystem::path& into);

// PDF and images below a folder of the real data, by their paths from its root, sorted.
std::vector<std::string> papers_below(const std::filesystem::path& data, const std::string& folder);

}  // namespace pleiade::golden
