// `pleiade forms`: registers blank forms, checks and lists them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "common/domain/nomenclature.h"
#include "common/runtime/service.h"
#include "common/vision/decode.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/reader/forms/form_folder.h"
#include "services/reader/forms/likeness.h"
#include "services/reader/forms/registration.h"
#include "services/reader/forms/tick_words.h"
#include "services/reader/tesseract_engine.h"

namespace pleiade::cli {
namespace {

namespace forms = reader::forms;

constexpr double kRenderDpi = 300;  // small print is read once and for all

Result<Nomenclature> nomenclature_of(const runtime::Settings& settings) {
    const auto csv = runtime::read_file(settings.config_folder + "/nomenclature.csv");
    if (!csv) return pass_on(csv);
    return Nomenclature::parse(*csv, "nomenclature.csv");
}

std::string zones_in_words(const forms::Form& form) {
    std::map<std::string_view, int> counts;
    for (const auto& zone : form.zones) ++counts[forms::to_word(zone.kind)];
    std::string text;
    for (const auto& [kind, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, kind);
    return text.empty() ? "no zone" : text;
}

bool wanted(const std::vector<int>& pages, int page) {
    return pages.empty() || std::find(pages.begin(), pages.end(), page) != pages.end();
}

// Errors first, then what the pairs of forms look like to recognition.
int print_errors(const std::vector<Error>& errors) {
    for (const auto& error : errors) fmt::print(stderr, "{}\n", error.message);
    return errors.empty() ? runtime::kExitDone : runtime::kExitConfiguration;
}

}  // namespace

int forms_add(const runtime::Settings& settings, const FormsAddOptions& options) {
    const auto nomenclature = nomenclature_of(settings);
    if (!nomenclature) return fail_with(nomenclature.error());
    if (nomenclature->find(options.type) == nullptr) {
        fmt::print(stderr, "the nomenclature has no type «{}»; see {}/nomenclature.csv\n", options.type,
                   settings.config_folder);
        return runtime::kExitUsage;
    }
    vision::DecodeOptions decoding;
    decoding.codes = false;
    decoding.render_dpi = kRenderDpi;
    const auto blank = vision::decode_file(options.blank, decoding);
    if (!blank) {
        fmt::print(stderr, "{}: {}: {}\n", options.blank, blank.error().code, blank.error().message);
        return runtime::kExitBadInput;
    }
    const auto engine = reader::open_tesseract(settings.reader.tessdata_folder, "fra");
    if (!engine) return fail_with(engine.error());

    const auto tick_csv = runtime::read_file(settings.config_folder + "/tick_words.csv");
    if (!tick_csv) return fail_with(tick_csv.error());
    const auto tick_words = forms::TickWords::parse(*tick_csv, "tick_words.csv");
    if (!tick_words) return fail_with(tick_words.error());

    const auto folder = settings.forms_folder();
    int added = 0;
    std::optional<forms::Form> first;
    for (std::size_t i = 0; i < blank->pages.size(); ++i) {
        const int page = static_cast<int>(i) + 1;
        if (!wanted(options.pages, page)) continue;
        forms::FormNaming naming{
            options.type,
            options.cerfa,
            options.version,
            options.reference,
            page,
            std::find(options.notice_pages.begin(), options.notice_pages.end(), page) != options.notice_pages.end()};
        auto form = forms::register_page(blank->pages[i], naming, **engine, [] { return true; });
        if (!form) {
            fmt::print(stderr, "{}: {}\n", options.blank, form.error().message);
            if (form.error().kind == ErrorKind::Invalid) continue;
            return fail_with(form.error());
        }
        forms::name_ticks(form->form, form->words, *tick_words);
        // Only the first page of most forms bears their number.
        if (first && form->form.cerfa.empty()) {
            form->form.cerfa = first->cerfa;
            if (form->form.version.empty()) form->form.version = first->version;
            form->form.id = forms::file_name_of(form->form);
        }
        if (!first) first = form->form;
        const auto source = std::filesystem::path(options.blank).filename().string();
        const auto saved =
            forms::save_form(folder, *form, fmt::format("Registered from {}, page {}", source, page), options.replace);
        if (!saved) return fail_with(saved.error());
        ++added;
        fmt::print(
            "{}/{}.toml  {}\n    {} words printed, {}; correct the zones' names there, then run `pleiade forms "
            "check`\n",
            folder, form->form.id, form->form.title(), form->words.size(), zones_in_words(form->form));
    }
    if (added == 0) {
        fmt::print(stderr, "no page of {} could be registered\n", options.blank);
        return runtime::kExitBadInput;
    }
    return runtime::kExitDone;
}

int forms_check(const runtime::Settings& settings) {
    const auto nomenclature = nomenclature_of(settings);
    if (!nomenclature) return fail_with(nomenclature.error());
    const auto folder = settings.forms_folder();
    auto found = forms::load_form_folder(folder, *nomenclature);
    const auto alike = forms::check_likeness(found.forms, folder);
    found.errors.insert(found.errors.end(), alike.errors.begin(), alike.errors.end());
    for (const auto& note : alike.notes) fmt::print("{}\n", note);
    if (const int code = print_errors(found.errors); code != runtime::kExitDone) return code;
    fmt::print("{} registered pages in {}, all good\n", found.forms.size(), folder);
    return runtime::kExitDone;
}

int forms_list(const runtime::Settings& settings) {
    const auto nomenclature = nomenclature_of(settings);
    if (!nomenclature) return fail_with(nomenclature.error());
    const auto found = forms::load_form_folder(settings.forms_folder(), *nomenclature);
    for (const auto& one : found.forms) {
        fmt::print("{:<28} {:<40} {}\n", one.form.id, one.form.title(), zones_in_words(one.form));
    }
    fmt::print("{} registered pages in {}\n", found.forms.size(), settings.forms_folder());
    return print_errors(found.errors);
}

}  // namespace pleiade::cli
