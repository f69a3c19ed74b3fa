// A folder that exists as long as a run does, in memory when the machine has such a place: what a fault bench writes
// proves nothing about this machine's disk, and a thousand runs should not wait for it.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace pleiade::faults {

class Scratch {
  public:
    // `kept`: there instead, and it stays.
    explicit Scratch(const std::string& kept = "") : keeps_(!kept.empty()) {
        std::string pattern = (keeps_ ? kept : std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp");
        std::filesystem::create_directories(pattern);
        pattern += "/pleiade-faults-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder in " + pattern);
        path_ = pattern;
    }
    ~Scratch() {
        std::error_code ignored;
        if (!keeps_) std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const std::string& path() const { return path_; }

  private:
    const bool keeps_;
    std::string path_;
};

}  // namespace pleiade::faults
