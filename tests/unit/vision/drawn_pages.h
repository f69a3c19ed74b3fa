// Pages drawn for tests: lines of ordinary words, seeded, so that a failure can be seen again.
#pragma once

#include <array>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>

#include "common/vision/page_image.h"

namespace pleiade::vision {

inline PageImage white_page(int dpi = 150) {
    PageImage page;
    page.grey = cv::Mat(static_cast<int>(11.69 * dpi), static_cast<int>(8.27 * dpi), CV_8UC1, cv::Scalar(255));
    page.dpi_x = page.dpi_y = dpi;
    return page;
}

inline PageImage letter_page(unsigned seed, int lines = 30, int ink = 0) {
    static constexpr std::array kWords = {"bonjour",   "veuillez", "trouver", "ci-joint",     "le",      "formulaire",
                                          "demande",   "de",       "prise",   "en",           "charge",  "pour",
                                          "mes",       "soins",    "agreer",  "l'expression", "madame",  "distinguee",
                                          "assurance", "jointe",   "copie",   "photographie", "hopital", "bulletin"};
    PageImage page = white_page();
    std::mt19937 random(seed);
    for (int line = 0; line < lines; ++line) {
        int x = 120;
        while (x < 1000) {
            const char* word = kWords[random() % kWords.size()];
            cv::putText(page.grey, word, {x, 200 + 42 * line}, cv::FONT_HERSHEY_COMPLEX, 0.75, cv::Scalar(ink), 2,
                        cv::LINE_AA);
            int baseline = 0;
            x += cv::getTextSize(word, cv::FONT_HERSHEY_COMPLEX, 0.75, 2, &baseline).width + 12;
        }
    }
    return page;
}

// As a scanner would deliver the page had it been laid turned: `rotation` degrees clockwise put it right again.
inline PageImage laid_turned(const PageImage& page, int rotation) {
    PageImage turned = page;
    turned.grey = cv::Mat();  // copies of a PageImage share their pixels
    if (rotation == 0) return page;
    cv::rotate(page.grey, turned.grey,
               rotation == 90    ? cv::ROTATE_90_COUNTERCLOCKWISE
               : rotation == 180 ? cv::ROTATE_180
                                 : cv::ROTATE_90_CLOCKWISE);
    return turned;
}

// Turning it clockwise by `degrees` makes it straight.
inline PageImage laid_askew(const PageImage& page, double degrees) {
    PageImage askew = page;
    askew.grey = cv::Mat();
    const cv::Point2f middle(static_cast<float>(page.grey.cols) / 2, static_cast<float>(page.grey.rows) / 2);
    // OpenCV counts counterclockwise.
    cv::warpAffine(page.grey, askew.grey, cv::getRotationMatrix2D(middle, degrees, 1), page.grey.size(),
                   cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(255));
    return askew;
}

}  // namespace pleiade::vision
