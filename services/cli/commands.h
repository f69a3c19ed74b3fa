// The commands of `pleiade`, each in its own file; each returns an exit code of the contract.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/runtime/settings.h"

namespace pleiade::cli {

inline constexpr int kReadersAsSet = -2;  // none named: as the settings say

// `pleiade up`: every service on this machine, each in its own process.
struct UpOptions {
    int readers = kReadersAsSet;
    bool exit_when_idle = false;
    bool demo = false;        // demonstration accounts on a home without accounts
    std::string config_file;  // handed on to the services
};
int up(const runtime::Settings& settings, const UpOptions& options);

// `pleiade workers`: lists them; `readers` changes how many there are (kReadersAuto: as the mail needs); `drain` lets
// one finish and leave.
int workers(const runtime::Settings& settings, int readers, const std::string& drain);

// `pleiade read`: lots or files, without any service or store.
struct ReadOptions {
    bool json = false;
    std::string caisse;
    std::string received_on;
    std::vector<std::string> paths;
};
int read(const runtime::Settings& settings, const ReadOptions& options);

// `pleiade digits train`: makes the model that reads the figures in boxes, and says how good it is. `check`: says it.
struct DigitsOptions {
    std::string model = "deploy/models/digits.model";  // written by train, read by check
    std::string sheet;                                 // digits.png of Debian's opencv-doc
    std::string font_list = "deploy/models/digit_fonts.csv";
    std::vector<std::string> fonts;  // folders besides /usr/share/fonts
    std::uint32_t seed = 1;
    int steps = 7000;
    int combs = 200;  // drawn for the check, of each identifier and writing
};
int digits_train(const DigitsOptions& options);
int digits_check(const DigitsOptions& options);

// `pleiade letters train`: makes the model that knows letters by their wording. `check`: says how good it is.
struct LettersOptions {
    std::vector<std::string> mail;  // folders of lots, each with its truth.jsonl
    std::string model = "deploy/models/letters.csv";
    std::uint32_t seed = 1;
    bool keyed = false;  // train: also from the letters of this installation whose type a person settled
};
// What keyers settled, type by type: counts, no words.
int letters_corrections(const runtime::Settings& settings);
int letters_train(const runtime::Settings& settings, const LettersOptions& options);
int letters_check(const runtime::Settings& settings, const LettersOptions& options);

// `pleiade calibrate`: what the reader's probabilities are worth, from readings whose truth is known.
struct CalibrateOptions {
    std::string readings;   // lines of `pleiade read --json`
    std::string truth;      // lines of the same form that are true
    double target = 0.005;  // share of wrong types that is borne
    std::string out;        // folder for certainty.svg and certainty.json; empty: neither
    std::string write;      // the file certainty.toml to write; empty: none
    std::string version;    // empty: the day
};
int calibrate(const runtime::Settings& settings, const CalibrateOptions& options);

// `pleiade ocr`: the text of a rectangle of grey pixels, for the gateway.
struct OcrOptions {
    int width = 0;
    int height = 0;
    int dpi = 0;  // 0: not known
    bool digits = false;
};
int ocr(const runtime::Settings& settings, const OcrOptions& options);

// `pleiade pli VERB ID...`: a recovery verb, over plis or documents.
struct RecoverOptions {
    std::vector<std::string> ids;
    std::string reason;
    std::string by;
    std::string type;
    std::string code;
    std::string to;
    bool json = false;
};
// Each verb with its help.
const std::vector<std::pair<std::string, std::string>>& recovery_verbs();
int recover(const runtime::Settings& settings, const std::string& verb, const RecoverOptions& options);

// `pleiade pli find`, `pleiade pli story ID`.
struct FindOptions {
    std::string pli, lot, endorser, registered_mail, type, service, state, caisse, received_from, received_to, by;
    bool nir = false;  // read from standard input: a number on the command line would stay in the shell's history
    bool json = false;
};
int find(const runtime::Settings& settings, const FindOptions& options);
int story(const runtime::Settings& settings, const std::string& id, bool json);

// `pleiade accounts`, `pleiade keys`.
struct AccountOptions {
    std::string name, display_name, subject;
    std::vector<std::string> roles, skills, services, caisses;
    bool medical = false;
    bool must_change = false;
};
int accounts_add(const runtime::Settings& settings, const AccountOptions& options);
int accounts_role(const runtime::Settings& settings, const AccountOptions& options);
int accounts_password(const runtime::Settings& settings, const AccountOptions& options);
int accounts_state(const runtime::Settings& settings, const std::string& name, const std::string& state);
int accounts_list(const runtime::Settings& settings, bool json);
int keys_add(const runtime::Settings& settings, const std::string& name, const std::string& service);
int keys_revoke(const runtime::Settings& settings, const std::string& name);
int keys_list(const runtime::Settings& settings);

// `pleiade keys bus`: the keys of the bus over tcp://, in files of this host.
struct BusKeyOptions {
    std::string name{};
    std::string role{};
    std::string public_key{};  // of a pair made elsewhere
    std::string out{};         // where a new secret is written
    bool finish = false;       // of a rotation
};
int bus_keys_create(const runtime::Settings& settings, const BusKeyOptions& options);
int bus_keys_allow(const runtime::Settings& settings, const BusKeyOptions& options);
int bus_keys_rotate(const runtime::Settings& settings, const BusKeyOptions& options);
int bus_keys_revoke(const runtime::Settings& settings, const std::string& name);
int bus_keys_list(const runtime::Settings& settings, bool json);

int submit(const runtime::Settings& settings, const std::vector<std::string>& lots);
int status(const runtime::Settings& settings, bool json);
int verify(const runtime::Settings& settings);

// `pleiade store copy`: moves the ledger from one engine to the other, and back.
struct StoreOptions {
    std::string from;  // as store.url; empty: where the settings say that it is
    std::string to;
};
int store_copy(const runtime::Settings& settings, const StoreOptions& options);
int router_check(const runtime::Settings& settings);

// `pleiade beneficiaries`: the register of the people whom the caisses insure.
int beneficiaries_import(const runtime::Settings& settings, const std::string& csv);
int beneficiaries_status(const runtime::Settings& settings);

// `pleiade forms`: the registered forms of settings.forms_folder().
struct FormsAddOptions {
    std::string blank;  // PDF or image
    std::string type, cerfa, version, reference;
    std::vector<int> pages;  // empty: all
    std::vector<int> notice_pages;
    bool replace = false;
};
int forms_add(const runtime::Settings& settings, const FormsAddOptions& options);
int forms_check(const runtime::Settings& settings);
int forms_list(const runtime::Settings& settings);

}  // namespace pleiade::cli
