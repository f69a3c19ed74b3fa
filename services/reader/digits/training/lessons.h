// What the model learns from and is judged by: a stream of samples that never ends, and held-out sets by source.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/reader/digits/training/drawn_figure.h"
#include "services/reader/digits/training/network.h"

namespace pleiade::reader::digits {

// deploy/models/digit_fonts.csv: which fonts are learnt from, which are kept to judge by.
struct FontEntry {
    std::string file;
    bool hand = false;
    bool held_out = false;
};
// Errors: CONFIG_INVALID (Invalid) with the line.
Result<std::vector<FontEntry>> parse_font_list(std::string_view csv, const std::string& file_name);

struct LessonSources {
    std::string sheet;                      // digits.png
    std::string font_list;                  // the CSV
    std::vector<std::string> font_folders;  // searched for the files it names
};

class Lessons {
  public:
    static Result<Lessons> open(const LessonSources& sources);

    Sample draw(Random& random) const;
    // By source: "digits.png, last rows", "fonts of handwriting held out"... Same seed, same samples.
    std::map<std::string, std::vector<Sample>> held_out(std::uint32_t seed) const;

    // Somebody, or a machine, never learnt from: gives the ink of any figure, in one manner. Every other hand is a
    // stranger's from the sheet, which holds no whole hand: its figures are of many.
    std::function<cv::Mat(char)> writer(bool hand, Random& random) const;

    const std::vector<std::string>& missing_fonts() const { return missing_; }
    std::size_t fonts() const { return hands_.size() + prints_.size(); }

  private:
    enum class Use { Learn, Judge };
    Sample sample(const cv::Mat& glyph, int kind) const;
    cv::Mat figure(int kind, Random& random, Use use) const;
    Sample figure_of_fonts(const std::vector<Font>& fonts, Random& random) const;
    Sample not_a_figure(Random& random, Use use) const;

    Sheet sheet_;
    std::vector<Font> hands_, prints_, held_out_hands_, held_out_prints_;
    std::vector<std::string> missing_;
};

}  // namespace pleiade::reader::digits
