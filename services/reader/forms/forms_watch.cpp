#include "services/reader/forms/forms_watch.h"

#include "services/reader/forms/form_folder.h"

namespace pleiade::reader::forms {

Result<std::unique_ptr<FormsWatch>> FormsWatch::open(std::string folder, const Nomenclature& nomenclature) {
    std::unique_ptr<FormsWatch> watch(new FormsWatch(std::move(folder), nomenclature));
    watch->recogniser_ = std::make_unique<Recogniser>(std::vector<RegisteredForm>{});
    if (watch->folder_.empty()) return watch;
    watch->state_ = state_of_folder(watch->folder_);
    watch->looked_ = std::chrono::steady_clock::now();
    if (auto loaded = watch->load(); !loaded) return pass_on(loaded);
    return watch;
}

Result<void> FormsWatch::load() {
    auto found = load_form_folder(folder_, nomenclature_);
    if (!found.errors.empty()) return tl::unexpected<Error>(found.errors.front());
    recogniser_ = std::make_unique<Recogniser>(std::move(found.forms));
    return {};
}

Recogniser& FormsWatch::current(std::chrono::steady_clock::time_point now) {
    if (folder_.empty() || now - looked_ < kLookEvery) return *recogniser_;
    looked_ = now;
    const auto state = state_of_folder(folder_);
    if (state != state_) {
        state_ = state;
        if (auto loaded = load(); !loaded) error_ = loaded.error();
    }
    return *recogniser_;
}

std::optional<Error> FormsWatch::take_error() {
    return std::exchange(error_, std::nullopt);
}

}  // namespace pleiade::reader::forms
