#include "services/reader/line_network/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "services/reader/line_network/kernels.h"

namespace pleiade::reader::line_network {
namespace {

// Tesseract 5.3, ccutil/tessdatamanager.h: the numbers of the parts.
constexpr std::size_t kLstmPart = 17, kWordsPart = 19, kCharsPart = 21, kCodesPart = 22;
constexpr std::uint32_t kPartsMax = 64;
// lstm/weightmatrix.cpp: how weights are kept.
constexpr std::uint8_t kIntegers = 1, kDoubles = 128;
// ccutil/unicharset.h: the first three are a space and two marks that no scan shows.
constexpr std::size_t kFirstCharacter = 3;
constexpr int kSidesMax = 4096;
constexpr std::int32_t kLearnsByLayer = 64;  // lstm/network.h: then a group of layers ends with their learning rates

// What is thrown never leaves this file.
struct Unknown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Bytes {
  public:
    explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    template <class T>
    T number() {
        T value{};
        std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
        return value;
    }
    std::string text() {
        const auto size = number<std::uint32_t>();
        const auto bytes = take(size);
        return {bytes.begin(), bytes.end()};
    }
    std::span<const std::uint8_t> take(std::size_t size) {
        if (size > bytes_.size()) throw Unknown("the file ends too early");
        const auto taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }

  private:
    std::span<const std::uint8_t> bytes_;
};

std::span<const std::uint8_t> part_of(std::span<const std::uint8_t> file, std::size_t part) {
    Bytes bytes(file);
    const auto parts = bytes.number<std::uint32_t>();
    if (parts > kPartsMax || part >= parts) throw Unknown("this is no traineddata file");
    std::vector<std::int64_t> offsets(parts);
    for (auto& offset : offsets) offset = bytes.number<std::int64_t>();
    const auto begin = offsets[part];
    auto end = static_cast<std::int64_t>(file.size());
    for (std::size_t next = part + 1; next < parts; ++next) {
        if (offsets[next] < 0) continue;
        end = offsets[next];
        break;
    }
    if (begin < 0 || end < begin || end > static_cast<std::int64_t>(file.size()))
        throw Unknown(fmt::format("part {} is not there", part));
    return file.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

int side(std::int64_t value) {
    if (value < 0 || value > kSidesMax) throw Unknown("a layer of impossible size");
    return static_cast<int>(value);
}

// A matrix of bytes with a scale for each output; the last column is the bias.
Layer read_layer(Bytes& bytes) {
    const auto mode = bytes.number<std::uint8_t>();
    if ((mode & kIntegers) == 0 || (mode & kDoubles) == 0) throw Unknown("weights that are no integers");
    const int outputs = side(bytes.number<std::uint32_t>()), columns = side(bytes.number<std::uint32_t>());
    if (outputs < 1 || columns < 2) throw Unknown("an empty layer");
    bytes.number<std::uint8_t>();  // what an element that is not there would be
    const auto matrix = bytes.take(area(outputs, columns));
    if (bytes.number<std::uint32_t>() != static_cast<std::uint32_t>(outputs)) throw Unknown("scales that do not fit");
    Layer layer{columns - 1, outputs, {}, {}};
    layer.weights.resize(area(layer.inputs, outputs));
    for (int o = 0; o < outputs; ++o) {
        const auto scale = static_cast<float>(bytes.number<double>());
        const auto* row = matrix.data() + static_cast<std::ptrdiff_t>(o) * columns;
        for (int i = 0; i < layer.inputs; ++i) {
            layer.weights[area(i, outputs) + static_cast<std::size_t>(o)] = scale * static_cast<std::int8_t>(row[i]);
        }
        layer.bias.push_back(scale * static_cast<std::int8_t>(row[layer.inputs]));
    }
    return layer;
}

// The file keeps a matrix for each gate; one for all of them is multiplied faster.
Lstm read_lstm(Bytes& bytes, int inputs) {
    const int columns = bytes.number<std::int32_t>();
    std::array<Layer, 4> gates;
    for (auto& gate : gates) gate = read_layer(bytes);
    Lstm lstm;
    lstm.states = gates.front().outputs;
    if (lstm.states % kLanes != 0) throw Unknown("an LSTM that fills no vectors");
    const int all = 4 * lstm.states;
    if (columns != inputs + lstm.states) throw Unknown("an LSTM of more than one dimension");
    lstm.entering = {inputs, all, std::vector<float>(area(inputs, all)), {}};
    lstm.returning = {lstm.states, all, std::vector<float>(area(lstm.states, all)), {}};
    for (int gate = 0; gate < 4; ++gate) {
        const auto& from = gates[static_cast<std::size_t>(gate)];
        if (from.outputs != lstm.states || from.inputs != columns) throw Unknown("gates of several sizes");
        for (int i = 0; i < columns; ++i) {
            auto& to = i < inputs ? lstm.entering : lstm.returning;
            const auto row = from.weights.begin() + static_cast<std::ptrdiff_t>(area(i, lstm.states));
            const auto at = area(i < inputs ? i : i - inputs, all) + area(gate, lstm.states);
            std::copy_n(row, lstm.states, to.weights.begin() + static_cast<std::ptrdiff_t>(at));
        }
        lstm.entering.bias.insert(lstm.entering.bias.end(), from.bias.begin(), from.bias.end());
    }
    return lstm;
}

struct Node {
    std::string kind;
    int inputs = 0;
    bool learns_by_layer = false;
};

// lstm/network.cpp: what stands before every layer.
Node read_node(Bytes& bytes) {
    Node node;
    if (bytes.number<std::int8_t>() != 0) throw Unknown("a layer without a name");
    node.kind = bytes.text();
    bytes.number<std::int8_t>();  // whether it is being trained
    bytes.number<std::int8_t>();  // whether it hands errors back
    node.learns_by_layer = (bytes.number<std::int32_t>() & kLearnsByLayer) != 0;
    node.inputs = side(bytes.number<std::int32_t>());
    bytes.number<std::int32_t>();  // outputs: the weights say them
    bytes.number<std::int32_t>();  // number of weights
    bytes.text();                  // its name
    return node;
}

Node expect(Bytes& bytes, std::string_view kind) {
    auto node = read_node(bytes);
    if (node.kind != kind) throw Unknown(fmt::format("a layer {} where {} was expected", node.kind, kind));
    return node;
}

// A layer made of others: their number, then they, then `end_group`.
Node expect_group(Bytes& bytes, std::string_view kind, std::uint32_t parts) {
    auto node = expect(bytes, kind);
    if (bytes.number<std::uint32_t>() != parts) throw Unknown("layers in another order");
    return node;
}
void end_group(Bytes& bytes, const Node& group) {
    if (group.learns_by_layer) bytes.take(bytes.number<std::uint32_t>() * sizeof(float));
}

LineModel read_network(Bytes& bytes) {
    LineModel model;
    const auto whole = expect(bytes, "Series");
    const auto layers = bytes.number<std::uint32_t>();
    constexpr std::uint32_t kFixed = 5;  // input, convolution, pooling, column, characters
    if (layers <= kFixed || layers > kPartsMax) throw Unknown("layers in another order");

    expect(bytes, "Input");
    std::array<std::int32_t, 5> shape{};  // batch, height, width, depth, loss
    for (auto& number : shape) number = bytes.number<std::int32_t>();
    model.height = side(shape[1]);
    if (model.height < 8 || shape[2] != 0 || shape[3] != 1) throw Unknown("an input that is no grey strip");

    const auto looking = expect_group(bytes, "Series", 2);
    expect(bytes, "Convolve");
    model.around_x = side(bytes.number<std::int32_t>());
    model.around_y = side(bytes.number<std::int32_t>());
    expect(bytes, "Tanh");
    model.convolution = read_layer(bytes);
    end_group(bytes, looking);
    if (model.convolution.inputs != (2 * model.around_x + 1) * (2 * model.around_y + 1))
        throw Unknown("a convolution over more than grey");
    if (model.convolution.outputs % kLanes != 0) throw Unknown("a convolution that fills no vectors");

    expect(bytes, "Maxpool");
    model.pool_x = side(bytes.number<std::int32_t>());
    model.pool_y = side(bytes.number<std::int32_t>());
    if (model.pool_x < 1 || model.pool_y < 1) throw Unknown("a pooling of nothing");

    const auto turned = expect_group(bytes, "XYTranspose", 1);
    model.down = read_lstm(bytes, expect(bytes, "SummLSTM").inputs);
    end_group(bytes, turned);
    if (model.down.entering.inputs != model.convolution.outputs) throw Unknown("layers that do not fit");

    int width = model.down.states;
    for (std::uint32_t i = kFixed; i < layers; ++i) {
        const auto outer = read_node(bytes);
        const bool backwards = outer.kind == "RTLReversed";
        if (backwards && bytes.number<std::uint32_t>() != 1) throw Unknown("layers in another order");
        const auto node = backwards ? read_node(bytes) : outer;
        if (node.kind != "LSTM" || node.inputs != width) throw Unknown("a layer " + node.kind + " along the line");
        model.along.push_back(read_lstm(bytes, width));
        model.along.back().backwards = backwards;
        if (backwards) end_group(bytes, outer);
        width = model.along.back().states;
    }
    expect(bytes, "Softmax");
    model.characters = read_layer(bytes);
    if (model.characters.inputs != width) throw Unknown("layers that do not fit");
    end_group(bytes, whole);
    return model;
}

// lstm/lstmrecognizer.cpp: what follows the network, of which only the blank is needed.
int read_blank(Bytes& bytes) {
    bytes.text();                  // the network's description
    bytes.number<std::int32_t>();  // flags of training
    bytes.number<std::int32_t>();  // iterations
    bytes.number<std::int32_t>();  // samples
    return bytes.number<std::int32_t>();
}

// A count, then a line for each character that begins with it.
std::vector<std::string> read_characters(std::span<const std::uint8_t> part) {
    std::string_view text(reinterpret_cast<const char*>(part.data()), part.size());
    const auto next_line = [&] {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) throw Unknown("a list of characters that is cut");
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        return line;
    };
    const auto first = next_line();
    int count = 0;
    if (std::from_chars(first.data(), first.data() + first.size(), count).ec != std::errc())
        throw Unknown("a list of characters without their number");
    std::vector<std::string> characters;
    for (int i = 0; i < side(count); ++i) {
        const auto line = next_line();
        characters.emplace_back(line.substr(0, line.find(' ')));
    }
    if (characters.size() <= kFirstCharacter) throw Unknown("no characters");
    characters[0] = " ";
    for (std::size_t i = 1; i < kFirstCharacter; ++i) characters[i].clear();
    return characters;
}

// Which output stands for which character. Scripts whose characters take several outputs are not for us.
void read_codes(std::span<const std::uint8_t> part, const std::vector<std::string>& characters, LineModel& model) {
    Bytes bytes(part);
    const auto count = bytes.number<std::uint32_t>();
    if (count > characters.size() + 1) throw Unknown("more codes than characters");
    model.texts.assign(static_cast<std::size_t>(model.characters.outputs), "");
    for (std::uint32_t i = 0; i < count; ++i) {
        bytes.number<std::int8_t>();  // whether it stands for itself
        if (bytes.number<std::int32_t>() != 1) throw Unknown("characters of several codes");
        const auto code = bytes.number<std::int32_t>();
        if (code < 0 || code >= model.characters.outputs) throw Unknown("a code without an output");
        if (i < characters.size() && code != model.blank && model.texts[static_cast<std::size_t>(code)].empty())
            model.texts[static_cast<std::size_t>(code)] = characters[i];
    }
}

// dict/dawg.cpp.
Dictionary read_words(std::span<const std::uint8_t> part, const std::vector<std::string>& characters) {
    constexpr std::int16_t kMagic = 42;
    Bytes bytes(part);
    if (bytes.number<std::int16_t>() != kMagic) throw Unknown("a dictionary that is none");
    Dictionary words;
    const int letters = side(bytes.number<std::int32_t>());
    words.letter_bits = static_cast<int>(std::ceil(std::log2(letters + 1.0)));
    const auto edges = bytes.take(static_cast<std::size_t>(bytes.number<std::uint32_t>()) * sizeof(std::uint64_t));
    words.edges.resize(edges.size() / sizeof(std::uint64_t));
    std::memcpy(words.edges.data(), edges.data(), edges.size());
    for (std::size_t i = kFirstCharacter; i < characters.size(); ++i) words.letters.emplace(characters[i], i);
    return words;
}

}  // namespace

Result<LineModel> parse_line_model(std::span<const std::uint8_t> traineddata) {
    try {
        Bytes bytes(part_of(traineddata, kLstmPart));
        auto model = read_network(bytes);
        model.blank = read_blank(bytes);
        if (model.blank < 0 || model.blank >= model.characters.outputs) throw Unknown("no output says «nothing»");
        const auto characters = read_characters(part_of(traineddata, kCharsPart));
        read_codes(part_of(traineddata, kCodesPart), characters, model);
        model.words = read_words(part_of(traineddata, kWordsPart), characters);
        return model;
    } catch (const Unknown& unknown) {
        return invalid("LINE_MODEL_UNKNOWN", fmt::format("the line network of the traineddata file is not of a known "
                                                         "layout: {}",
                                                         unknown.what()));
    }
}

Result<LineModel> load_line_model(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return invalid("LINE_MODEL_UNKNOWN", path + " cannot be read");
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return parse_line_model(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

}  // namespace pleiade::reader::line_network
