#include "services/decoder/pdf_scan.h"

#include <algorithm>
#include <cmath>
#include <qpdf/QPDFMatrix.hh>
#include <set>
#include <string>
#include <vector>

namespace pleiade::decoder {
namespace {

// Follows the graphics state through a content stream, until something shows that the page is more than one image.
class Watcher : public QPDFObjectHandle::ParserCallbacks {
  public:
    explicit Watcher(QPDFObjectHandle xobjects) : xobjects_(xobjects) {}

    void handleObject(QPDFObjectHandle object) override {
        if (!object.isOperator()) {
            if (operands_.size() < 64) operands_.push_back(object);
            return;
        }
        if (object.isInlineImage()) more_than_scan_ = true;
        on_operator(object.getOperatorValue());
        operands_.clear();
        if (more_than_scan_) terminateParsing();
    }
    void handleEOF() override {}

    bool one_image() const { return !more_than_scan_ && images_ == 1; }
    QPDFObjectHandle image() const { return image_; }
    const QPDFMatrix& place() const { return place_; }

  private:
    struct State {
        QPDFMatrix matrix;
        int text_mode = 0;
    };

    void on_operator(const std::string& op) {
        static const std::set<std::string> harmless = {
            "w",  "J",  "j",   "M",   "d",  "ri", "i",   "gs",  "BT",  "ET", "Tf", "Td", "TD", "Tm", "T*",
            "Tc", "Tw", "Tz",  "TL",  "Ts", "BX", "EX",  "g",   "G",   "rg", "RG", "k",  "K",  "cs", "CS",
            "sc", "SC", "scn", "SCN", "MP", "DP", "BMC", "BDC", "EMC", "re", "W",  "W*", "n",  "h"};
        if (op == "q") {
            if (stack_.size() < 64) stack_.push_back(now_);
        } else if (op == "Q") {
            if (!stack_.empty()) now_ = stack_.back(), stack_.pop_back();
        } else if (op == "cm") {
            concatenate();
        } else if (op == "Tr") {
            now_.text_mode = operands_.size() == 1 && operands_[0].isInteger() ? operands_[0].getIntValueAsInt() : 0;
        } else if (op == "Tj" || op == "TJ" || op == "'" || op == "\"") {
            if (now_.text_mode != 3) more_than_scan_ = true;
        } else if (op == "Do") {
            draw();
        } else if (!harmless.count(op)) {
            more_than_scan_ = true;
        }
    }

    void concatenate() {
        if (operands_.size() != 6) {
            more_than_scan_ = true;
            return;
        }
        double v[6];
        for (std::size_t i = 0; i < 6; ++i) {
            if (!operands_[i].isNumber()) {
                more_than_scan_ = true;
                return;
            }
            v[i] = operands_[i].getNumericValue();
        }
        now_.matrix.concat(QPDFMatrix(v[0], v[1], v[2], v[3], v[4], v[5]));
    }

    void draw() {
        if (operands_.size() != 1 || !operands_[0].isName() || !xobjects_.isDictionary()) {
            more_than_scan_ = true;
            return;
        }
        QPDFObjectHandle drawn = xobjects_.getKey(operands_[0].getName());
        if (!drawn.isStream() || !drawn.getDict().getKey("/Subtype").isNameAndEquals("/Image") || ++images_ > 1) {
            more_than_scan_ = true;
            return;
        }
        image_ = drawn;
        place_ = now_.matrix;
    }

    QPDFObjectHandle xobjects_;
    std::vector<QPDFObjectHandle> operands_;
    std::vector<State> stack_;
    State now_;
    bool more_than_scan_ = false;
    int images_ = 0;
    QPDFObjectHandle image_ = QPDFObjectHandle::newNull();
    QPDFMatrix place_;
};

bool shows_annotations(QPDFPageObjectHelper page) {
    for (auto& annotation : page.getAnnotations()) {
        if (annotation.getSubtype() != "/Link" && annotation.getSubtype() != "/Popup") return true;
    }
    return false;
}

}  // namespace

std::optional<ScanPlace> find_scan(QPDFPageObjectHelper page) {
    QPDFObjectHandle resources = page.getAttribute("/Resources", false);
    QPDFObjectHandle box = page.getCropBox();
    if (!resources.isDictionary() || !box.isRectangle() || shows_annotations(page)) return std::nullopt;
    Watcher watcher(resources.getKey("/XObject"));
    page.parseContents(&watcher);
    if (!watcher.one_image()) return std::nullopt;

    const QPDFMatrix& m = watcher.place();
    const double side = std::max(m.a, m.d);
    if (!(m.a > 0 && m.d > 0) || std::abs(m.b) > side * 1e-3 || std::abs(m.c) > side * 1e-3) return std::nullopt;
    // Over the page: what is cropped away or left white around it is within a twentieth.
    const auto r = box.getArrayAsRectangle();
    const double slack_x = 0.05 * (r.urx - r.llx), slack_y = 0.05 * (r.ury - r.lly);
    const bool covers = std::abs(m.e - r.llx) <= slack_x && std::abs(m.f - r.lly) <= slack_y &&
                        std::abs(m.e + m.a - r.urx) <= slack_x && std::abs(m.f + m.d - r.ury) <= slack_y;
    if (!covers) return std::nullopt;
    return ScanPlace{watcher.image(), m.a, m.d};
}

}  // namespace pleiade::decoder
