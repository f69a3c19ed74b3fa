#include "services/reader/digits/digit_model.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <opencv2/dnn.hpp>

#include "common/base/check.h"
#include "services/reader/digits/glyph.h"

namespace pleiade::reader::digits {
namespace {

cv::Mat blob_of(const std::vector<float>& values, const std::vector<int>& shape) {
    return cv::Mat(shape, CV_32F, const_cast<float*>(values.data())).clone();
}

void add_convolution(cv::dnn::Net& net, const Layer& layer, const Weights::Values& values) {
    cv::dnn::LayerParams convolution;
    convolution.set("kernel_size", layer.kernel);
    convolution.set("num_output", layer.outputs);
    convolution.set("bias_term", true);
    convolution.blobs = {blob_of(values.weights, {layer.outputs, layer.inputs, layer.kernel, layer.kernel}),
                         blob_of(values.biases, {layer.outputs})};
    net.addLayerToPrev(layer.name, "Convolution", convolution);
    cv::dnn::LayerParams none;
    net.addLayerToPrev(std::string(layer.name) + "_relu", "ReLU", none);
    cv::dnn::LayerParams pool;
    pool.set("pool", "max");
    pool.set("kernel_size", 2);
    pool.set("stride", 2);
    net.addLayerToPrev(std::string(layer.name) + "_pool", "Pooling", pool);
}

void add_full(cv::dnn::Net& net, const Layer& layer, const Weights::Values& values) {
    cv::dnn::LayerParams full;
    full.set("num_output", layer.outputs);
    full.set("bias_term", true);
    full.blobs = {blob_of(values.weights, {layer.outputs, layer.inputs}), blob_of(values.biases, {1, layer.outputs})};
    net.addLayerToPrev(layer.name, "InnerProduct", full);
}

Odds odds_of(const float* scores, float temperature) {
    const float best = *std::max_element(scores, scores + kKinds);
    Odds odds{};
    float sum = 0;
    for (std::size_t k = 0; k < kKinds; ++k) sum += odds[k] = std::exp((scores[k] - best) / temperature);
    for (auto& one : odds) one /= sum;
    return odds;
}

}  // namespace

struct DigitModel::Net {
    cv::dnn::Net net;
    float temperature = 1;
};

DigitModel::DigitModel(const Weights& weights) : net_(std::make_unique<Net>()) {
    net_->temperature = weights.temperature;
    auto& net = net_->net;
    add_convolution(net, kLayers[0], weights.layers[0]);
    add_convolution(net, kLayers[1], weights.layers[1]);
    add_full(net, kLayers[2], weights.layers[2]);
    cv::dnn::LayerParams none;
    net.addLayerToPrev("figure_relu", "ReLU", none);
    add_full(net, kLayers[3], weights.layers[3]);
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
}

DigitModel::~DigitModel() = default;

Result<std::unique_ptr<DigitModel>> DigitModel::open(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return invalid("MODEL_MISSING",
                       "the digit model " + path + " cannot be opened; restore it or run «pleiade digits train»");
    }
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto weights = from_file(bytes);
    if (!weights) return pass_on(weights);
    return std::make_unique<DigitModel>(*weights);
}

std::vector<Odds> DigitModel::read(const std::vector<cv::Mat>& glyphs) {
    std::vector<Odds> odds;
    odds.reserve(glyphs.size());
    cv::Mat input({1, 1, kGlyphSide, kGlyphSide}, CV_32F);
    for (const auto& glyph : glyphs) {
        if (glyph.empty()) {
            odds.push_back(certain(kEmpty));
            continue;
        }
        PLEIADE_CHECK(glyph.rows == kGlyphSide && glyph.cols == kGlyphSide && glyph.type() == CV_8UC1);
        // One at a time: the network is laid out anew whenever the size of the batch changes, which costs more.
        cv::Mat plane(kGlyphSide, kGlyphSide, CV_32F, input.ptr<float>());
        glyph.convertTo(plane, CV_32F, 1.0 / 255);
        net_->net.setInput(input);
        const cv::Mat scores = net_->net.forward();
        odds.push_back(odds_of(scores.ptr<float>(), net_->temperature));
    }
    return odds;
}

}  // namespace pleiade::reader::digits
