#include "services/decoder/picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace pleiade::decoder {
namespace {

Picture empty_picture(int width, int height, const Picture& like) {
    Picture picture = {width, height, {}, like.scale_x, like.scale_y, like.left, like.top, like.turned};
    picture.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    return picture;
}

void halve_row(const std::uint8_t* above, const std::uint8_t* below, std::uint8_t* to, int width) {
    for (int x = 0; x < width; ++x) {
        to[x] = static_cast<std::uint8_t>((above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 2) / 4);
    }
}

int rounded(double value) {
    return static_cast<int>(std::lround(value));
}

}  // namespace

Area Picture::on_page(const Area& here) const {
    const int along = rounded(here.width * scale_x), down = rounded(here.height * scale_y);
    if (!turned) return {left + rounded(here.x * scale_x), top + rounded(here.y * scale_y), along, down};
    return {left + rounded(here.y * scale_y), top + rounded((width - here.x - here.width) * scale_x), down, along};
}

Picture part_of(const Page& page, const Area& area) {
    const int left = std::clamp(area.x, 0, page.width), top = std::clamp(area.y, 0, page.height);
    const int right = std::clamp(area.x + area.width, left, page.width);
    const int bottom = std::clamp(area.y + area.height, top, page.height);
    Picture part = empty_picture(right - left, bottom - top, {});
    part.left = left;
    part.top = top;
    for (int y = top; y < bottom; ++y) {
        if (part.width > 0) std::memcpy(part.row(y - top), page.row(y) + left, static_cast<std::size_t>(part.width));
    }
    return part;
}

Picture whole_of(const Page& page) {
    return part_of(page, {0, 0, page.width, page.height});
}

Picture halved(const Picture& from) {
    Picture half = empty_picture(from.width / 2, from.height / 2, from);
    half.scale_x *= 2;
    half.scale_y *= 2;
    for (int y = 0; y < half.height; ++y) halve_row(from.row(2 * y), from.row(2 * y + 1), half.row(y), half.width);
    return half;
}

Picture halved(const Page& page) {
    Picture half = empty_picture(page.width / 2, page.height / 2, {});
    half.scale_x = half.scale_y = 2;
    for (int y = 0; y < half.height; ++y) halve_row(page.row(2 * y), page.row(2 * y + 1), half.row(y), half.width);
    return half;
}

Picture doubled(const Picture& from) {
    Picture twice = empty_picture(from.width * 2, from.height * 2, from);
    twice.scale_x /= 2;
    twice.scale_y /= 2;
    for (int y = 0; y < twice.height; ++y) {
        const std::uint8_t* here = from.row(y / 2);
        const std::uint8_t* next = from.row(std::min(from.height - 1, (y + 1) / 2));
        std::uint8_t* to = twice.row(y);
        for (int x = 0; x < twice.width; ++x) {
            const int a = x / 2, b = std::min(from.width - 1, (x + 1) / 2);
            to[x] = static_cast<std::uint8_t>((here[a] + here[b] + next[a] + next[b] + 2) / 4);
        }
    }
    return twice;
}

Picture turned(const Picture& from) {
    Picture to = empty_picture(from.height, from.width, from);
    std::swap(to.scale_x, to.scale_y);
    to.turned = true;
    for (int y = 0; y < to.height; ++y) {
        std::uint8_t* row = to.row(y);
        for (int x = 0; x < to.width; ++x) row[x] = from.row(from.height - 1 - x)[y];
    }
    return to;
}

Picture thinned(const Picture& from, int rows_max) {
    if (from.height <= rows_max) return from;
    Picture thin = empty_picture(from.width, rows_max, from);
    thin.scale_y *= static_cast<double>(from.height) / rows_max;
    for (int y = 0; y < rows_max; ++y) {
        const auto nth = (2L * y + 1) * from.height / (2L * rows_max);
        std::memcpy(thin.row(y), from.row(static_cast<int>(nth)), static_cast<std::size_t>(from.width));
    }
    return thin;
}

}  // namespace pleiade::decoder
