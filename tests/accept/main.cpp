// pleiade-accept: runs the real programs and prints the figures that the issues ask for.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tests/accept/checks.h"

namespace pleiade::accept {

bool figure(const std::string& name, const std::string& value, const std::string& asked, bool holds) {
    fmt::print("{}  {:<58} {:>14}   asked {}\n", holds ? "ok  " : "FAIL", name, value, asked);
    std::fflush(stdout);
    return holds;
}

}  // namespace pleiade::accept

int main(int argc, char** argv) {
    using namespace pleiade::accept;
    CLI::App app{"Measures the running system against what is asked of it."};
    app.require_subcommand(1);
    Options options;
    bool good = false;
    const auto add = [&](const char* name, const char* help, bool (*check)(const Options&)) {
        auto* sub = app.add_subcommand(name, help);
        sub->add_option("--bin", options.bin, "folder of the programs")->required();
        sub->add_option("--plis", options.plis, "how many plis");
        sub->add_option("--kills", options.kills, "how many kills");
        sub->add_option("--share", options.share, "one hostile file in that many");
        sub->add_option("--seed", options.seed, "of the mail and of the kills");
        sub->add_option("--half", options.half, "mail: of the generator, train or test")
            ->check(CLI::IsMember({"train", "test"}));
        sub->add_option("--stratified", options.stratified, "mail: that many plis of each type, not the natural mix");
        sub->add_option("--keep", options.keep, "work there and keep everything");
        sub->add_option("--home", options.home,
                        "mail: installation whose registered forms are used (default: two print runs of three of each "
                        "form are registered; none: no form is)");
        sub->callback([&, check] { good = check(options); });
    };
    add("mail", "generated mail against its truth", mail);
    add("kills", "kill -9 while mail flows", kills);
    add("keying", "two keyers settle what is doubtful", keying);
    add("s3", "the whole chain over an S3 vault", s3);
    add("hostile", "hostile files in the inbox", hostile);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    } catch (const std::exception& error) {
        fmt::print(stderr, "pleiade-accept: {}\n", error.what());
        return 70;
    }
    return good ? 0 : 1;
}
