// What a benchmark ran on, as its first line says it.
#pragma once

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <thread>

namespace pleiade::test {

// "2 x Intel(R) Xeon(R) Processor @ 2.50GHz, load 0.4"
inline std::string machine() {
    std::ifstream info("/proc/cpuinfo");
    std::string model = "an unknown processor";
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) {
            model = line.substr(line.find(':') + 2);
            break;
        }
    }
    double load = 0;
    std::ifstream("/proc/loadavg") >> load;
    return fmt::format("{} x {}, load {:.1f}", std::thread::hardware_concurrency(), model, load);
}

}  // namespace pleiade::test
