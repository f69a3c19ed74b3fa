// What the clients of the chain were told, written down as they were told it: the other half of what the checker
// compares. One line per answer, appended to a file so that a killed client keeps its own.
#pragma once

#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pleiade::faults {

struct Acknowledged {
    std::string worker;
    std::string task;
    std::string fence;
};

struct History {
    std::set<std::string> registered;                       // pli ids that a scanner was told are registered
    std::vector<Acknowledged> results;                      // of workers, acknowledged
    std::multiset<std::string> closed;                      // delivery ids whose receipt was acknowledged
    std::multiset<std::string> keyed;                       // pli ids that a person was told are settled
    std::set<std::pair<std::string, std::string>> dropped;  // lot, pli: all that was handed over

    void note_registered(const std::string& pli) {
        registered.insert(pli);
        write("registered " + pli);
    }
    void note_result(const std::string& worker, const std::string& task, const std::string& fence) {
        results.push_back({worker, task, fence});
        write("result " + worker + " " + task + " " + fence);
    }
    void note_closed(const std::string& delivery) {
        closed.insert(delivery);
        write("closed " + delivery);
    }
    void note_keyed(const std::string& pli) {
        keyed.insert(pli);
        write("keyed " + pli);
    }
    void note_dropped(const std::string& lot, const std::string& pli) {
        dropped.emplace(lot, pli);
        write("dropped " + lot + " " + pli);
    }

    // Reads what is there already, then appends.
    void keep_in(const std::string& path) {
        read(path);
        out_.open(path, std::ios::app);
    }
    void read(const std::string& path) {
        std::ifstream stream(path);
        std::string kind, a, b, c;
        while (stream >> kind >> a) {
            if (kind == "registered") registered.insert(a);
            if (kind == "closed") closed.insert(a);
            if (kind == "keyed") keyed.insert(a);
            if (kind == "dropped" && stream >> b) dropped.emplace(a, b);
            if (kind == "result" && stream >> b >> c) results.push_back({a, b, c});
        }
    }

  private:
    void write(const std::string& line) {
        if (out_.is_open()) out_ << line << '\n' << std::flush;
    }
    std::ofstream out_;
};

}  // namespace pleiade::faults
