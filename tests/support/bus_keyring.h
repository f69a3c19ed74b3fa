// The keys of a hub and of those who speak to it over tcp://, made for a test, in its folder.
#pragma once

#include <sys/stat.h>

#include <map>
#include <string>
#include <vector>

#include "common/base/hub_address.h"
#include "common/bus/allowed_keys.h"
#include "common/bus/keys.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::test {

class BusKeyring {
  public:
    BusKeyring(std::string folder, const std::vector<std::pair<std::string, std::string>>& names_and_roles)
        : folder_(std::move(folder)) {
        add("hub", "hub");
        for (const auto& [name, role] : names_and_roles) add(name, role);
    }

    bus::HubKeys hub() const { return {file("hub"), folder_ + "/allowed.csv"}; }
    const bus::KeyPair& pair(const std::string& name) const { return pairs_.at(name); }
    // How `name` speaks to hubs there, knowing this hub's key, and after `first` others if they are given.
    HubAddress address(const std::string& endpoint, const std::string& name,
                       const std::vector<std::string>& first = {}) const {
        HubAddress hubs(endpoint);
        hubs.key_file = file(name);
        hubs.hub_keys = first;
        hubs.hub_keys.push_back(pair("hub").public_key);
        return hubs;
    }
    // A pair in its file; `listed` is whether the hub is told of it.
    void add(const std::string& name, const std::string& role, bool listed = true) {
        pairs_[name] = bus::make_key_pair();
        write_file(file(name), bus::text_of(pairs_[name]));
        ::chmod(file(name).c_str(), 0600);
        if (listed) let_in(name, role);
    }
    void let_in(const std::string& name, const std::string& role) {
        allowed_.push_back({name, role, "2026-11-22T20:00:00Z", "good", pairs_[name].public_key});
        write();
    }
    void set_state(const std::string& name, const std::string& state) {
        for (auto& key : allowed_) {
            if (key.name == name) key.state = state;
        }
        write();
    }
    std::string file(const std::string& name) const { return folder_ + "/" + name + ".key"; }

  private:
    // As a whole, so that nobody reads half of it.
    void write() const {
        write_file(folder_ + "/allowed.csv.new", bus::text_of(allowed_));
        ::chmod((folder_ + "/allowed.csv.new").c_str(), 0600);
        std::filesystem::rename(folder_ + "/allowed.csv.new", folder_ + "/allowed.csv");
    }

    const std::string folder_;
    std::map<std::string, bus::KeyPair> pairs_;
    std::vector<bus::AllowedKey> allowed_;
};

}  // namespace pleiade::test
