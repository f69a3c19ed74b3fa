// Forms drawn for tests, filled in and worn as scanners and photocopiers wear them. Deterministic by seed.
#pragma once

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

#include "common/vision/page_image.h"

namespace pleiade::test {

struct Wear {
    double dpi_to = 300;      // of the scan
    double photocopy = 1;     // 0.94 to 1.06: the paper itself is smaller or larger
    double tilt_degrees = 0;  // clockwise
    cv::Point2d shift_mm;
    int turned = 0;  // quarter turns, degrees clockwise
    bool bitonal = true;
    int ink_level = 0;  // -1 faint, 1 heavy
    double noise = 8;   // grey levels
    std::uint64_t seed = 1;
};

// Some writing by hand: crooked strokes that look like letters to anything that looks for ink.
inline void scribble(cv::Mat& page, cv::Point at, double height, int letters, std::mt19937& random) {
    std::uniform_real_distribution<double> unit(-1, 1);
    const int thick = std::max(1, static_cast<int>(height / 9));
    for (int letter = 0; letter < letters; ++letter) {
        std::vector<cv::Point> stroke;
        cv::Point2d p(at.x + letter * height * 0.75, at.y - height / 2);
        for (int step = 0; step < 6; ++step) {
            stroke.emplace_back(p);
            p += cv::Point2d(unit(random) * height * 0.35, unit(random) * height * 0.5);
            p.y = std::clamp(p.y, at.y - height, static_cast<double>(at.y));
        }
        cv::polylines(page, stroke, false, cv::Scalar(40), thick, cv::LINE_AA);
    }
}

// Fills a form in without knowing it: writing all over, dates, crosses, and a stamp with its signature.
inline cv::Mat filled_in(const cv::Mat& blank, double dpi, std::uint64_t seed, int lines = 28, bool stamp = true) {
    std::mt19937 random(static_cast<std::uint32_t>(seed * 7919 + 13));
    std::uniform_real_distribution<double> unit(0, 1);
    cv::Mat page = blank.clone();
    const double mm = dpi / 25.4;
    const auto place = [&] {
        return cv::Point(static_cast<int>((0.08 + 0.7 * unit(random)) * page.cols),
                         static_cast<int>((0.08 + 0.86 * unit(random)) * page.rows));
    };
    for (int i = 0; i < lines; ++i) {
        if (i % 3 == 0) {
            static const std::array<const char*, 6> kTyped = {"DUPONT MARTINE", "12 11 2026", "2 55 08 14 168 025 38",
                                                              "59500 DOUAI",    "LOMBALGIE",  "14 RUE DES LILAS"};
            cv::putText(page, kTyped[static_cast<std::size_t>(i) % kTyped.size()], place(), cv::FONT_HERSHEY_SIMPLEX,
                        dpi / 230, cv::Scalar(30), std::max(1, static_cast<int>(dpi / 110)), cv::LINE_AA);
        } else {
            scribble(page, place(), (3 + 3 * unit(random)) * mm, 4 + static_cast<int>(unit(random) * 10), random);
        }
    }
    if (stamp) {
        const auto centre = place();
        cv::ellipse(page, centre, {static_cast<int>(22 * mm), static_cast<int>(11 * mm)}, -8, 0, 360, cv::Scalar(70),
                    static_cast<int>(0.6 * mm), cv::LINE_AA);
        for (int i = -1; i <= 1; ++i) {
            cv::putText(page, "DR MOREAU 59 1 12345 6",
                        {centre.x - static_cast<int>(18 * mm), centre.y + static_cast<int>(i * 5 * mm)},
                        cv::FONT_HERSHEY_SIMPLEX, dpi / 330, cv::Scalar(70), std::max(1, static_cast<int>(dpi / 130)),
                        cv::LINE_AA);
        }
        scribble(page, {centre.x - static_cast<int>(10 * mm), centre.y + static_cast<int>(6 * mm)}, 12 * mm, 4, random);
    }
    return page;
}

inline vision::PageImage worn(const cv::Mat& page, double dpi, const Wear& wear) {
    const double scale = wear.dpi_to / dpi * wear.photocopy;
    // The scanner's glass keeps its size whatever the photocopier did.
    const cv::Size size(static_cast<int>(std::lround(page.cols * wear.dpi_to / dpi)),
                        static_cast<int>(std::lround(page.rows * wear.dpi_to / dpi)));
    cv::Mat source;
    if (scale < 1)
        cv::GaussianBlur(page, source, {0, 0}, 0.35 / scale);
    else
        source = page;
    cv::Mat turn = cv::getRotationMatrix2D({page.cols / 2.0f, page.rows / 2.0f}, -wear.tilt_degrees, scale);
    turn.at<double>(0, 2) += size.width / 2.0 - page.cols / 2.0 + wear.shift_mm.x * wear.dpi_to / 25.4;
    turn.at<double>(1, 2) += size.height / 2.0 - page.rows / 2.0 + wear.shift_mm.y * wear.dpi_to / 25.4;
    cv::Mat scan;
    cv::warpAffine(source, scan, turn, size, cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(250));
    if (wear.ink_level != 0) {
        const auto kernel = cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3});
        if (wear.ink_level > 0)
            cv::erode(scan, scan, kernel);
        else
            cv::addWeighted(scan, 0.55, cv::Mat(scan.size(), CV_8UC1, cv::Scalar(250)), 0.45, 0, scan);
    }
    cv::RNG random(wear.seed * 2654435761u + 1);
    cv::Mat grain(scan.size(), CV_16SC1);
    random.fill(grain, cv::RNG::NORMAL, 0, wear.noise);
    cv::add(scan, grain, scan, cv::noArray(), CV_8UC1);
    if (wear.bitonal) cv::threshold(scan, scan, wear.ink_level < 0 ? 200 : 150, 255, cv::THRESH_BINARY);
    if (wear.turned != 0) {
        cv::rotate(scan, scan,
                   wear.turned == 90    ? cv::ROTATE_90_CLOCKWISE
                   : wear.turned == 180 ? cv::ROTATE_180
                                        : cv::ROTATE_90_COUNTERCLOCKWISE);
    }
    vision::PageImage image;
    image.grey = scan;
    image.dpi_x = image.dpi_y = wear.dpi_to;
    image.bitonal = wear.bitonal;
    return image;
}

// A form that nobody prints: sections, labels, combs, boxes to tick, lines and small print. `form` decides its layout
// and words; `version` changes what a new version of a form changes: its number, a sentence, one more row, another
// order.
inline cv::Mat drawn_form(std::uint32_t form, int version, double dpi = 200) {
    static const std::array<const char*, 24> kWords = {
        "nom",       "adresse",      "assure",   "date",    "naissance", "employeur", "signature",    "code",
        "organisme", "beneficiaire", "accident", "arret",   "medecin",   "soins",     "prescription", "caisse",
        "numero",    "prenom",       "pension",  "demande", "periode",   "salaire",   "situation",    "droits"};
    const double mm = dpi / 25.4;
    cv::Mat page(static_cast<int>(297 * mm), static_cast<int>(210 * mm), CV_8UC1, cv::Scalar(255));
    std::mt19937 random(form * 2654435761u + 99);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto word = [&] { return std::string(kWords[static_cast<std::size_t>(below(kWords.size()))]); };
    const auto print = [&](const std::string& text, double x, double y, double height, int shade = 20) {
        cv::putText(page, text, {static_cast<int>(x * mm), static_cast<int>(y * mm)}, cv::FONT_HERSHEY_DUPLEX,
                    height * mm / 22, cv::Scalar(shade), std::max(1, static_cast<int>(height * mm / 14)), cv::LINE_AA);
    };
    const auto line = [&](double x0, double y0, double x1, double y1) {
        cv::line(page, {static_cast<int>(x0 * mm), static_cast<int>(y0 * mm)},
                 {static_cast<int>(x1 * mm), static_cast<int>(y1 * mm)}, cv::Scalar(60),
                 std::max(1, static_cast<int>(0.25 * mm)));
    };
    std::string title = word() + " " + word() + " " + word();
    print(title, 60 + below(20), 20, 5);
    print("No " + std::to_string(10000 + form % 9000) + "*0" + std::to_string(version), 14, 24, 3);
    double y = 36;
    for (int section = 0; y < 255; ++section) {
        cv::rectangle(page, {static_cast<int>(12 * mm), static_cast<int>((y - 5) * mm)},
                      {static_cast<int>(198 * mm), static_cast<int>(y * mm)}, cv::Scalar(60), cv::FILLED);
        print(word() + " " + word(), 16, y - 1.3, 3, 250);
        y += 8;
        int rows = 2 + below(4);
        if (version > 1 && section == 1) ++rows;  // the new version asks one thing more
        for (int row = 0; row < rows && y < 262; ++row, y += 9) {
            const int kind = below(4);
            print(word() + " " + word() + (version > 1 && section == 0 && row == 0 ? " et autres" : ""), 14, y, 2.6);
            const double x = 62 + below(20);
            if (kind == 0) {
                const int cells = 5 + below(10);
                for (int cell = 0; cell <= cells; ++cell) line(x + cell * 5, y - 3.5, x + cell * 5, y + 1);
                line(x, y + 1, x + cells * 5, y + 1);
            } else if (kind == 1) {
                for (int box = 0; box < 2 + below(3); ++box) {
                    cv::rectangle(page, {static_cast<int>((x + box * 28) * mm), static_cast<int>((y - 3) * mm)},
                                  {static_cast<int>((x + box * 28 + 4) * mm), static_cast<int>((y + 1) * mm)},
                                  cv::Scalar(40), std::max(1, static_cast<int>(0.3 * mm)));
                    print(word(), x + box * 28 + 6, y, 2.6);
                }
            } else {
                line(x, y + 1, 194, y + 1);
            }
        }
        y += 6;
    }
    for (int i = 0; i < 3; ++i) {
        std::string legal;
        for (int w = 0; w < 13; ++w) legal += word() + " ";
        print(legal, 14, 274 + i * 4, 2);
    }
    print("S" + std::to_string(3000 + form % 999) + static_cast<char>('a' + version), 180, 290, 2.6);
    return page;
}

}  // namespace pleiade::test
