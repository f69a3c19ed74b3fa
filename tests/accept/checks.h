// What each sub-command measures. Each prints its figures and returns whether all of them hold.
#pragma once

#include <cstdint>
#include <string>

namespace pleiade::accept {

struct Options {
    std::string bin;
    int plis = 300;
    int kills = 200;
    int share = 1;  // one hostile file in `share`
    std::uint64_t seed = 1;
    std::string half = "test";  // of the generator: what is tuned is tuned on the other one, train
    int stratified = 0;         // mail: that many plis of each type rather than `plis` of the natural mix
    std::string keep;           // folder to work in and to keep; empty: a temporary one
    // Mail: the installation whose registered forms are used; empty: one that knows two print runs of each form of the
    // test half, out of three; "none": one that knows no form and nobody.
    std::string home;
};

bool mail(const Options& options);    // types, routes, pages and identifiers against the generator's truth
bool kills(const Options& options);   // kill -9 of random processes while mail flows
bool keying(const Options& options);  // two keyers settle what is doubtful; it is routed as they settled it
bool s3(const Options& options);  // the chain over an S3 vault whose server dies once, and readers that follow the mail
bool hostile(const Options& options);  // every hostile file gets a coded outcome and no service dies

// Says one figure and whether it holds.
bool figure(const std::string& name, const std::string& value, const std::string& asked, bool holds);

}  // namespace pleiade::accept
