#include "services/reader/loose_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "common/base/csv.h"
#include "common/vision/sketch.h"
#include "services/reader/fields/approximate.h"
#include "services/reader/fields/rows.h"
#include "services/reader/fold.h"
#include "services/reader/tick_boxes.h"

namespace pleiade::reader {
namespace {

constexpr double kPixelsPerMm = 200 / 25.4;  // of the upright page
constexpr std::size_t kLettersPerError = 10;
constexpr std::size_t kAfterAnswer = 2;  // letters: what is left of a box that was read with its word
constexpr std::size_t kAskedMax = 12;    // more are no form
// Pixels at 200 dpi.
constexpr int kAbove = 14, kBelow = 14;
constexpr int kAnswersBelow = 60;  // a question on a line of its own
constexpr int kInkDarker = 50;     // than the paper
constexpr int kOffTheBox = 2;
constexpr int kOwnLine = 2;  // of a box

std::string letters_of(std::string words) {
    std::erase(words, ' ');
    return words;
}

// A question of the table that the page's words ask.
struct Asked {
    std::string question;
    std::string words;  // as the table writes them; empty where the answers ask by themselves
    int row = 0, first_word = 0, last_word = 0;
    bool answers_seen = false;
};

bool is_word_of(const std::string& word, const std::string& answer) {
    return word.starts_with(answer) && word.size() <= answer.size() + kAfterAnswer;
}

class Questions {
  public:
    Questions(const fields::PageRows& page, const forms::TickWords& table) : page_(page), table_(table) {}

    std::vector<Asked> find() const {
        std::vector<Asked> found;
        for (std::size_t r = 0; r < page_.rows.size() && found.size() < kAskedMax; ++r) {
            asked_in(static_cast<int>(r), found);
            if (lists_answers(page_.rows[r])) found.push_back({"", "", static_cast<int>(r), 0, 0, false});
        }
        return found;
    }

  private:
    void asked_in(int r, std::vector<Asked>& found) const {
        const auto& row = page_.rows[static_cast<std::size_t>(r)];
        std::set<std::string> here;
        for (const auto& said : table_.rows()) {
            for (const auto& about : said.about) {
                if (here.contains(said.question)) break;
                const auto letters = letters_of(about);
                const auto errors = static_cast<int>(letters.size() / kLettersPerError);
                for (const auto& at : fields::find_approximately(letters, row.squeezed, errors)) {
                    if (!row.starts[at.from]) continue;
                    Asked asked{said.question, about, r, row.word_of[at.from], row.word_of[at.to - 1], false};
                    asked.answers_seen = answers_after(asked);
                    found.push_back(asked);
                    here.insert(said.question);
                    break;
                }
            }
        }
    }

    bool answers(const fields::Word& word, const std::string& question) const {
        const auto plain = plain_words(word.text);
        return std::any_of(table_.rows().begin(), table_.rows().end(), [&](const forms::TickWords::Row& row) {
            return row.question == question && !row.about.empty() &&
                   std::any_of(row.printed.begin(), row.printed.end(),
                               [&](const std::string& answer) { return is_word_of(plain, answer); });
        });
    }

    // Behind the question, or on the next line below it.
    bool answers_after(const Asked& asked) const {
        const auto& row = page_.rows[static_cast<std::size_t>(asked.row)];
        for (auto w = static_cast<std::size_t>(asked.last_word) + 1; w < row.words.size(); ++w) {
            if (answers(row.words[w], asked.question)) return true;
        }
        const auto below = static_cast<std::size_t>(asked.row) + 1;
        if (below >= page_.rows.size() || page_.rows[below].box.y - fields::bottom_of(row.box) > kAnswersBelow)
            return false;
        return std::any_of(page_.rows[below].words.begin(), page_.rows[below].words.end(),
                           [&](const fields::Word& word) { return answers(word, asked.question); });
    }

    // Two answers of one question, or words that say all by themselves.
    bool lists_answers(const fields::Row& row) const {
        std::map<std::string, std::set<std::string>> said;
        for (const auto& one : table_.rows()) {
            if (!one.about.empty()) continue;
            for (const auto& printed : one.printed) {
                const auto letters = letters_of(printed);
                const bool all = std::count(printed.begin(), printed.end(), ' ') >= 3;
                for (auto at = row.squeezed.find(letters); at != std::string::npos;
                     at = row.squeezed.find(letters, at + 1)) {
                    if (!row.starts[at]) continue;
                    if (all) return true;
                    if (said[one.question].insert(one.answer).second && said[one.question].size() > 1) return true;
                }
            }
        }
        return false;
    }

    const fields::PageRows& page_;
    const forms::TickWords& table_;
};

// That stretch of the upright page, as the scan shows it.
cv::Mat cut_out(const vision::PageImage& scan, const OcrPage& text, const Box& where) {
    const double lean = std::abs(std::sin(text.skew_degrees * std::numbers::pi / 180));
    const int margin = static_cast<int>(std::ceil(lean * where.width / 2)) + 2;
    const Box grown{where.x, where.y - margin, where.width, where.height + 2 * margin};
    const auto from = text.as_scanned(grown);
    const cv::Rect piece = cv::Rect(from.x, from.y, from.width, from.height) & cv::Rect({0, 0}, scan.grey.size());
    const bool on_its_side = text.rotation == 90 || text.rotation == 270;
    cv::Size size(grown.width, grown.height);
    if (on_its_side) std::swap(size.width, size.height);
    if (piece.empty() || size.empty()) return {};
    cv::Mat cut = vision::reduce(scan.grey(piece), size);
    if (cut.size() != size) cv::resize(cut, cut, size, 0, 0, cv::INTER_LINEAR);
    if (text.rotation != 0) {
        cv::rotate(cut, cut,
                   text.rotation == 90    ? cv::ROTATE_90_CLOCKWISE
                   : text.rotation == 180 ? cv::ROTATE_180
                                          : cv::ROTATE_90_COUNTERCLOCKWISE);
    }
    if (text.skew_degrees != 0) {
        const auto turn = cv::getRotationMatrix2D({cut.cols / 2.0f, cut.rows / 2.0f}, text.skew_degrees, 1);
        cv::warpAffine(cut, cut, turn, cut.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(255));
    }
    return cut(cv::Rect(0, margin, where.width, where.height)).clone();
}

// Print and writing. Where the scan knew only black and white, what is more black than white; else what is darker than
// the paper, the tone that most of the stretch has: forms print their boxes in pale colours.
cv::Mat ink_of(const cv::Mat& grey, bool bitonal) {
    cv::Mat ink;
    if (bitonal) {
        cv::threshold(grey, ink, 127, 255, cv::THRESH_BINARY_INV);
        return ink;
    }
    std::array<int, 256> tones{};
    for (int y = 0; y < grey.rows; ++y) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        for (int x = 0; x < grey.cols; ++x) ++tones[row[x]];
    }
    const auto paper = static_cast<int>(std::max_element(tones.begin(), tones.end()) - tones.begin());
    cv::threshold(grey, ink, std::max(1, paper - kInkDarker), 255, cv::THRESH_BINARY_INV);
    return ink;
}

// Within its line, as the zones of a blank are.
Box inside_of(const cv::Rect& box) {
    return {box.x + kOwnLine, box.y + kOwnLine, box.width - 2 * kOwnLine, box.height - 2 * kOwnLine};
}

cv::Rect2d in_mm(const Box& box) {
    return {box.x / kPixelsPerMm, box.y / kPixelsPerMm, box.width / kPixelsPerMm, box.height / kPixelsPerMm};
}

// What is left of a word whose box to tick was read with it: "oui[x]", "NONH", "Cloui".
forms::PrintedWord cut_to(const std::string& answer, const Box& word, const Box& box) {
    const int middle = word.x + word.width / 2;
    Box left = word;
    if (box.x + box.width / 2 >= middle) {
        left.width = std::max(1, box.x - kOffTheBox - word.x);
    } else {
        left.x = fields::right_of(box) + kOffTheBox;
        left.width = std::max(1, fields::right_of(word) - left.x);
    }
    return {answer, in_mm(left), 0, 0};
}

bool is_letter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// A word without what its box was read as: "oui[x]", "[]non".
forms::PrintedWord without_box(const fields::Word& word) {
    const auto& text = word.text;
    const auto begin = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_letter) - text.begin());
    auto end = std::min(text.find_first_of("[](){}|", begin), text.size());
    while (end > begin && !is_letter(text[end - 1])) --end;
    auto box = in_mm(word.box);
    const double letter = box.width / static_cast<double>(std::max<std::size_t>(1, text.size()));
    box.x += letter * static_cast<double>(begin);
    box.width = letter * static_cast<double>(end - begin);
    return {text.substr(begin, end - begin), box, 0, 0};
}

class LooseTicks {
  public:
    LooseTicks(const vision::PageImage& scan, const OcrPage& text, const forms::TickWords& table)
        : scan_(scan), text_(text), table_(table), page_(fields::page_rows(text)) {}

    std::vector<forms::PlacedZone> find() {
        asked_ = Questions(page_, table_).find();
        if (asked_.empty()) return {};
        for (const auto& where : stretches()) look_at(where);
        name();
        return told();
    }

  private:
    // The rows that ask, with those their answers may stand on; what overlaps is one stretch.
    std::vector<Box> stretches() const {
        std::vector<Box> found;
        for (const auto& asked : asked_) {
            const auto& row = page_.rows[static_cast<std::size_t>(asked.row)].box;
            const int below = asked.question.empty() ? kBelow : kAnswersBelow;
            const int top = std::max(0, row.y - kAbove);
            const int bottom = std::min(text_.height, fields::bottom_of(row) + below);
            if (bottom <= top) continue;
            if (!found.empty() && top <= fields::bottom_of(found.back())) {
                auto& last = found.back();
                last.height = std::max(fields::bottom_of(last), bottom) - last.y;
            } else {
                found.push_back({0, top, text_.width, bottom - top});
            }
        }
        return found;
    }

    void look_at(const Box& where) {
        const cv::Mat grey = cut_out(scan_, text_, where);
        if (grey.empty()) return;
        const cv::Mat ink = ink_of(grey, scan_.bitonal);
        auto boxes = find_tick_boxes(ink);
        std::erase_if(boxes, [&](const TickBox& found) {
            return found.round &&
                   is_letter_of_a_word({found.box.x, found.box.y + where.y, found.box.width, found.box.height});
        });
        std::vector<forms::PlacedZone> zones;
        for (const auto& found : boxes) {
            forms::PlacedZone zone;
            zone.kind = forms::ZoneKind::Tick;
            zone.box = inside_of(found.box);
            zones.push_back(std::move(zone));
        }
        forms::decide_ticks(zones, ink_in(ink, boxes));
        for (std::size_t i = 0; i < zones.size(); ++i) {
            auto& zone = zones[i];
            if (boxes[i].black) zone.tick = forms::TickState::Doubtful;
            zone.box.x += where.x;
            zone.box.y += where.y;
            zones_.push_back(std::move(zone));
        }
        for (const auto& row : page_.rows) add_words(row, where);
    }

    void add_words(const fields::Row& row, const Box& where) {
        const int middle = row.box.y + row.box.height / 2;
        if (middle < where.y || middle >= fields::bottom_of(where)) return;
        const auto r = static_cast<int>(&row - page_.rows.data());
        for (int w = 0; w < static_cast<int>(row.words.size()); ++w) {
            const auto asked = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& one) {
                return one.row == r && !one.words.empty() && one.first_word <= w && w <= one.last_word;
            });
            if (asked == asked_.end()) {
                const auto& word = row.words[static_cast<std::size_t>(w)];
                const auto with_box = answer_with_box(word);
                words_.push_back(with_box ? *with_box : without_box(word));
            } else if (w == asked->first_word) {  // as the table writes it, whatever was read
                words_.push_back({asked->words, in_mm(fields::box_of(row, w, asked->last_word)), 0, 0});
            }
        }
    }

    // The box that a word's own reaches over.
    const Box* box_in(const Box& word) const {
        const int middle = word.y + word.height / 2;
        for (const auto& zone : zones_) {
            const int shared =
                std::min(fields::right_of(zone.box), fields::right_of(word)) - std::max(zone.box.x, word.x);
            if (2 * shared > zone.box.width && middle > zone.box.y && middle < fields::bottom_of(zone.box))
                return &zone.box;
        }
        return nullptr;
    }

    // An answer that was read as one word with its box.
    std::optional<forms::PrintedWord> answer_with_box(const fields::Word& word) const {
        const auto* box = box_in(word.box);
        if (box == nullptr) return std::nullopt;
        const bool behind = box->x + box->width / 2 >= word.box.x + word.box.width / 2;
        const auto read = plain_words(word.text);
        for (const auto& row : table_.rows()) {
            for (const auto& printed : row.printed) {
                const bool said = behind ? read.starts_with(printed) : read.ends_with(printed);
                if (said && read.size() <= printed.size() + kAfterAnswer) return cut_to(printed, word.box, *box);
            }
        }
        return std::nullopt;
    }

    // A round letter of a word is no box: what was read as a box too would be a letter more.
    bool is_letter_of_a_word(const Box& round) const {
        const int x = round.x + round.width / 2, y = round.y + round.height / 2;
        for (const auto& row : page_.rows) {
            for (const auto& word : row.words) {
                const bool inside = x >= word.box.x && x < fields::right_of(word.box) && y >= word.box.y &&
                                    y < fields::bottom_of(word.box);
                const auto read = plain_words(word.text);
                if (!inside || read.size() < 2) continue;
                const bool before = x < word.box.x + word.box.width / 2;
                return std::none_of(table_.rows().begin(), table_.rows().end(), [&](const forms::TickWords::Row& one) {
                    return std::any_of(one.printed.begin(), one.printed.end(), [&](const std::string& printed) {
                        return read.size() > printed.size() &&
                               (before ? read.ends_with(printed) : read.starts_with(printed));
                    });
                });
            }
        }
        return false;
    }

    void name() {
        forms::Form form;
        form.size = {text_.width / kPixelsPerMm, text_.height / kPixelsPerMm};
        for (const auto& zone : zones_) {
            forms::Zone one;
            one.kind = forms::ZoneKind::Tick;
            one.box = in_mm(zone.box);
            form.zones.push_back(std::move(one));
        }
        forms::name_ticks(form, words_, table_);
        for (std::size_t i = 0; i < zones_.size(); ++i) {
            zones_[i].name = form.zones[i].name;
            zones_[i].group = form.zones[i].group;
        }
        std::erase_if(zones_, [](const forms::PlacedZone& zone) { return zone.group.empty(); });
    }

    // How many answers the table has to a question that is put in words.
    std::size_t answers_to(const std::string& question) const {
        std::set<std::string> answers;
        for (const auto& row : table_.rows()) {
            if (row.question == question && !row.about.empty()) answers.insert(row.answer);
        }
        return answers.size();
    }

    // A question put in words whose boxes are not all there: one that was not found may be the one that is ticked.
    std::vector<forms::PlacedZone> told() {
        for (const auto& asked : asked_) {
            if (!asked.answers_seen) continue;
            const auto& row = page_.rows[static_cast<std::size_t>(asked.row)];
            const auto words = fields::box_of(row, asked.first_word, asked.last_word);
            std::size_t boxes = 0;
            for (const auto& zone : zones_) {
                const int middle = zone.box.y + zone.box.height / 2;
                boxes += zone.group.starts_with(asked.question) && middle > words.y - kAbove &&
                                 middle < fields::bottom_of(words) + kAnswersBelow
                             ? 1
                             : 0;
            }
            if (boxes >= answers_to(asked.question)) continue;
            forms::PlacedZone doubtful;
            doubtful.kind = forms::ZoneKind::Tick;
            doubtful.name = doubtful.group = asked.question;
            doubtful.box = words;
            doubtful.tick = forms::TickState::Doubtful;
            zones_.push_back(std::move(doubtful));
        }
        return std::move(zones_);
    }

    const vision::PageImage& scan_;
    const OcrPage& text_;
    const forms::TickWords& table_;
    fields::PageRows page_;
    std::vector<Asked> asked_;
    std::vector<forms::PrintedWord> words_;
    std::vector<forms::PlacedZone> zones_;
};

}  // namespace

std::vector<forms::PlacedZone> find_loose_ticks(const vision::PageImage& scan, const OcrPage& text,
                                                const forms::TickWords& table) {
    return LooseTicks(scan, text, table).find();
}

}  // namespace pleiade::reader
