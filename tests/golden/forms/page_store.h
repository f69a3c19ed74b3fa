// What reading a form gave, kept in the build folder between runs: reading a page costs one to two seconds, judging
// what was read hardly anything. Kept pages serve only as long as nothing that takes part in reading has changed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "services/reader/page_reader.h"

namespace pleiade::golden {

// Digest of the source files that decide what is read on a page: all that page_reader, the OCR adapter and the decoder
// include of ours, whatever they are called, with the .cpp beside each header; and of the OCR engine's data.
std::string reading_digest(const std::filesystem::path& source);

// One file per key. Concurrency: none; a file appears whole or not at all.
class PageStore {
  public:
    explicit PageStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::optional<std::vector<reader::PageRead>> find(const std::string& key) const;
    void keep(const std::string& key, const std::vector<reader::PageRead>& pages) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace pleiade::golden
