// The real pleiade-hub as a process of a test, on sockets of its home: killed, stopped, started again.
#pragma once

#include <sys/types.h>

#include <string>

namespace pleiade::test {

class HubProcess {
  public:
    // `settings`: what its pleiade.toml says besides. `failpoints`: as PLEIADE_FAILPOINTS takes them.
    explicit HubProcess(std::string home, const std::string& settings = "", const std::string& failpoints = "");
    ~HubProcess();
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;

    void start(const std::string& failpoints = "");
    void kill_now();
    // Neither answers nor ends, as a host that hangs.
    void freeze() const;
    void thaw() const;
    // Whether it is not there any more.
    bool ended();
    // As a supervisor does: one that found no database when it started has ended.
    void start_if_ended();

    const std::string& home() const { return home_; }
    std::string work() const { return "ipc://" + home_ + "/run/work"; }
    std::string desk() const { return "ipc://" + home_ + "/run/desk"; }

  private:
    const std::string home_;
    pid_t pid_ = -1;
};

}  // namespace pleiade::test
