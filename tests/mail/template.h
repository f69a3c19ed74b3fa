// A form or letter as data: a list of verbs, one a line, in templates/<half>/<family>.form (see README.md for the
// verbs).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/mail/fonts.h"

namespace pleiade::mail {

struct TemplateLine {
    std::string verb, rest;
    int number = 0;  // in its file
};

struct Template {
    std::string id, type;
    Half half = Half::Train;
    std::map<std::string, std::string, std::less<>> options;  // colour=brown, hand=60...
    std::vector<TemplateLine> lines;

    std::string option(std::string_view name, std::string_view otherwise) const;
};

// Those of one half, in the order of the files. Parsed once, from the texts that the build embeds; thread-safe.
const std::vector<Template>& templates_of(Half half);
std::vector<const Template*> templates_of(Half half, std::string_view type);

std::vector<Template> parse_templates(std::string_view text, Half half, const std::string& file);

// What CMake embeds: every file of templates/, with its half.
struct EmbeddedText {
    const char* file;
    bool train;
    const char* text;
};
extern const EmbeddedText kEmbeddedTemplates[];
extern const int kEmbeddedTemplateCount;

}  // namespace pleiade::mail
