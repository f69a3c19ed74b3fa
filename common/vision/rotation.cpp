#include "common/vision/rotation.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "common/base/check.h"

namespace pleiade::vision {
namespace {

constexpr std::int64_t kOne = 1 << 16;  // a pixel, in fixed point
constexpr std::uint8_t kWhite = 255;

std::int64_t fixed(double pixels) {
    return std::llround(pixels * static_cast<double>(kOne));
}

std::uint8_t between(std::uint8_t a, std::uint8_t b, std::uint32_t place) {
    const auto share = static_cast<int>((place >> 8U) & 255U);
    return static_cast<std::uint8_t>((a * (256 - share) + b * share + 128) >> 8);
}

// Along a line of output pixels the place that each comes from moves by nearly the same step as they do, so that long
// pieces of it have the same whole distance to it.
class Pieces {
  public:
    // `place`: of the first of `count`; `drift`: what the distance changes from one to the next.
    Pieces(int count, std::int64_t place, std::int64_t drift) : count_(count), place_(place), drift_(drift) {}

    bool next() {
        from = to;
        if (from >= count_) return false;
        const std::int64_t here = place_ + drift_ * from;
        whole = static_cast<int>(here >> 16);
        to = count_;
        if (drift_ != 0) {
            const std::int64_t room = drift_ > 0 ? (whole + 1) * kOne - here : here - whole * kOne + 1;
            const std::int64_t size = std::abs(drift_);
            to = static_cast<int>(
                std::min<std::int64_t>(count_, from + std::max<std::int64_t>(1, (room + size - 1) / size)));
        }
        return true;
    }

    std::int64_t place() const { return place_; }
    std::int64_t drift() const { return drift_; }
    int from = 0, to = 0, whole = 0;

  private:
    int count_;
    std::int64_t place_, drift_;
};

// Only the fraction of a place counts here, whatever is lost above it.
void blend(const std::uint8_t* a, const std::uint8_t* b, const Pieces& piece, int from, int to, std::uint8_t* out) {
    const auto place = static_cast<std::uint32_t>(piece.place()), drift = static_cast<std::uint32_t>(piece.drift());
    for (int x = from; x < to; ++x) out[x] = between(a[x], b[x], place + drift * static_cast<std::uint32_t>(x));
}

// out[x] = row at place + x * (1 + drift), between two pixels. `row` has one more pixel, white, at either end.
void resample_row(const std::uint8_t* row, int count, std::int64_t place, std::int64_t drift, std::uint8_t* out) {
    Pieces piece(count, place, drift);
    while (piece.next()) {
        const int first = std::clamp(-1 - piece.whole, piece.from, piece.to);
        const int last = std::clamp(count - piece.whole, first, piece.to);
        std::fill(out + piece.from, out + first, kWhite);
        std::fill(out + last, out + piece.to, kWhite);
        if (first < last) blend(row + piece.whole, row + piece.whole + 1, piece, first, last, out);
    }
}

}  // namespace

cv::Mat rotated(const cv::Mat& grey, double degrees) {
    PLEIADE_CHECK(grey.type() == CV_8UC1 && std::abs(degrees) <= 45);
    const double angle = degrees * std::numbers::pi / 180, sine = std::sin(angle), cosine = std::cos(angle);
    const double middle_x = grey.cols / 2.0 - 0.5, middle_y = grey.rows / 2.0 - 0.5;

    // First each row gets the columns that it has at the end: x comes from x / cosine + y * tangent.
    cv::Mat rows(grey.size(), CV_8UC1);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(grey.cols) + 2, kWhite);
    for (int y = 0; y < grey.rows; ++y) {
        const double place = middle_x - middle_x / cosine + (y - middle_y) * sine / cosine;
        std::copy_n(grey.ptr(y), grey.cols, row.data() + 1);
        resample_row(row.data() + 1, grey.cols, fixed(place), fixed(1 / cosine - 1), rows.ptr(y));
    }

    // Then each column its rows: y comes from y * cosine - x * sine.
    cv::Mat out(grey.size(), CV_8UC1);
    const std::vector<std::uint8_t> white(static_cast<std::size_t>(grey.cols), kWhite);
    const auto row_at = [&](int y) { return y >= 0 && y < rows.rows ? rows.ptr(y) : white.data(); };
    const std::int64_t drift = fixed(-sine);
    for (int y = 0; y < grey.rows; ++y) {
        const std::int64_t place = fixed(middle_y + (y - middle_y) * cosine + middle_x * sine);
        Pieces piece(grey.cols, place, drift);
        while (piece.next())
            blend(row_at(piece.whole), row_at(piece.whole + 1), piece, piece.from, piece.to, out.ptr(y));
    }
    return out;
}

}  // namespace pleiade::vision
