#include "common/ledger/postgres/dialect.h"

#include <cctype>

namespace pleiade::ledger {
namespace {

constexpr std::string_view kSkipLocked = "/*skip locked*/";

bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class Translator {
  public:
    explicit Translator(std::string_view sql) : sql_(sql) {}

    std::string run() {
        while (at_ < sql_.size()) {
            const bool starts_word = out_.empty() || !is_name(out_.back());
            if (sql_[at_] == '\'') {
                quoted();
            } else if (sql_[at_] == '?') {
                parameter();
            } else if (starts_word && sql_.substr(at_, 2) == "x'") {
                bytes();
            } else if (starts_word && sql_.substr(at_, 6) == "instr(") {
                out_ += "strpos(";
                at_ += 6;
            } else if (starts_word && sql_.substr(at_, 11) == "INDEXED BY ") {
                at_ += 11;
                while (at_ < sql_.size() && is_name(sql_[at_])) ++at_;
            } else if (sql_.substr(at_, kSkipLocked.size()) == kSkipLocked) {
                out_ += "FOR UPDATE SKIP LOCKED";
                at_ += kSkipLocked.size();
            } else if (sql_[at_] == '+' && at_ + 1 < sql_.size() && is_name(sql_[at_ + 1])) {
                ++at_;
            } else {
                out_ += sql_[at_++];
            }
        }
        return out_;
    }

  private:
    void quoted() {
        out_ += sql_[at_++];
        while (at_ < sql_.size() && sql_[at_] != '\'') out_ += sql_[at_++];
        if (at_ < sql_.size()) out_ += sql_[at_++];
    }
    void parameter() {
        ++at_;
        std::string number;
        while (at_ < sql_.size() && std::isdigit(static_cast<unsigned char>(sql_[at_])) != 0) number += sql_[at_++];
        out_ += "$" + (number.empty() ? std::to_string(++parameters_) : number);
    }
    void bytes() {
        ++at_;
        out_ += "'\\x";
        ++at_;
        while (at_ < sql_.size() && sql_[at_] != '\'') out_ += sql_[at_++];
        ++at_;
        out_ += "'::bytea";
    }

    std::string_view sql_;
    std::size_t at_ = 0;
    int parameters_ = 0;
    std::string out_;
};

}  // namespace

std::string for_postgres(std::string_view sql) {
    return Translator(sql).run();
}

}  // namespace pleiade::ledger
