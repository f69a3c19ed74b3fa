// Which registered form is this page, if any? Landmarks name a few candidates (form_index), RANSAC lays each on the
// page (alignment), the blank's own ink says how well it fits (probes), and look-alikes are told apart where they
// differ (rivals). Never a wrong form: what fits in part is said to be another version, what fits badly is nothing.
//
// Concurrency: belongs to one thread (what is costly to prepare is prepared when first needed).
// Limits: pages from sheets, flat, scanned at 0.88 to 1.14 of their size and tilted by up to 15 degrees; photographs of
// pages are left to the text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/reader/forms/form.h"
#include "services/reader/forms/page_look.h"

namespace pleiade::reader::forms {

enum class Fit {
    Known,         // this page of this version
    SomeVersion,   // this page of this form; several registered versions fit as well
    OtherVersion,  // much of it is there and some is not: a version that is not registered, or a form of the same
                   // family
};

struct FormMatch {
    int form = 0;  // number in Recogniser::form
    Fit fit = Fit::OtherVersion;
    double score = 0;       // 0 to 1: share of the blank's ink that is there, beyond chance
    cv::Matx33d to_scan;    // millimetres of the blank -> pixels of the sketch as scanned
    std::vector<int> also;  // the other forms that fit as well (SomeVersion)
};

// What a look took, for reports.
struct RecogniserCost {
    double landmarks_ms = 0, index_ms = 0, align_ms = 0, verify_ms = 0;
    int candidates = 0, verified = 0;
};

class Recogniser {
  public:
    explicit Recogniser(std::vector<RegisteredForm> forms);
    ~Recogniser();
    Recogniser(Recogniser&&) noexcept;
    Recogniser& operator=(Recogniser&&) noexcept;

    std::size_t size() const;
    // Its `print` is empty: it is kept packed.
    const RegisteredForm& form(int number) const;
    BlankPrint print_of(int number) const;

    std::optional<FormMatch> recognise(const PageLook& page, RecogniserCost* cost = nullptr);

    // How the blank of `number` looks to the others: for `pleiade forms check`.
    struct Resemblance {
        int other = 0;
        double score = 0;  // of the other's ink on this blank
        int differing_places = 0;
    };
    std::vector<Resemblance> resemblances(int number);

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace pleiade::reader::forms
