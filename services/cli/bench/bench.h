// The benchmarks of `pleiade bench`. Each prints the machine, the median of several runs and, where there is one, the
// peer's figure from the same run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/runtime/settings.h"

namespace pleiade::cli {

struct BenchOptions {
    bool json = false;
    int runs = 3;
    int plis = 200;      // drawn when no path is given
    int stratified = 0;  // that many of each type instead
    std::uint64_t seed = 7;
    std::string half = "test";
    std::vector<std::string> paths;
    std::string out;  // folder for bench-read.json, bench-read.svg and accuracy.svg; empty: none
};

// Invented mail is read as a platform would that knows its forms and people, and is judged by its truth: types, queues,
// fields and pages, per type. Any mail: CPU and memory, step by step, beside full-page OCR of the same pages by
// OCRmyPDF and tesseract.
int bench_read(const runtime::Settings& settings, const BenchOptions& options);
// Durable transitions per second of a hub of its own, from registration to routed, with the time of each answer.
int bench_flow(const BenchOptions& options);

// "AMD EPYC 7B13, 2 cores, 23 GiB"
std::string machine();
double median(std::vector<double> values);
double percentile(std::vector<double> values, double share);

}  // namespace pleiade::cli
