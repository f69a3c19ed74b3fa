// `pleiade`: the command line. Each command stands in its own file; this one only names them and their flags.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <tuple>

#include "common/bus/allowed_keys.h"
#include "common/domain/readers_wanted.h"
#include "common/runtime/service.h"
#include "services/cli/bench/bench.h"
#include "services/cli/commands.h"

namespace {

using namespace pleiade;

// The settings that every command starts from; the flag prevails over the file.
Result<runtime::Settings> settings_of(const std::string& config, const std::string& home) {
    auto settings = runtime::load_settings(config);
    if (!settings) return settings;
    if (!home.empty()) settings->home = home;
    settings->home = std::filesystem::absolute(settings->home).lexically_normal().string();
    if (settings->config_folder.empty()) settings->config_folder = runtime::default_config_folder(settings->home);
    return settings;
}

int readers_of(const std::string& text) {
    return text == "auto" ? kReadersAuto : std::stoi(text);
}
CLI::Validator a_number_from(int least) {
    return {
        [least](std::string& text) { return text == "auto" ? std::string() : CLI::Range(least, kReadersMax)(text); },
        fmt::format("{} to {}, or auto", least, kReadersMax)};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Pléiade sorts the paper mail of the Assurance Maladie."};
    app.require_subcommand(1);
    std::string home;
    std::string config;
    int exit_code = runtime::kExitInternal;
    const auto command = [&](CLI::App* parent, const std::string& name, const std::string& help, auto run) {
        auto* sub = parent->add_subcommand(name, help);
        sub->add_option("--home", home, "folder of the installation (default pleiade-home)");
        sub->add_option("--config", config, "settings file (TOML)");
        sub->callback([&, run] {
            const auto settings = settings_of(config, home);
            if (!settings) {
                fmt::print(stderr, "{}\n", settings.error().message);
                exit_code = runtime::kExitConfiguration;
                return;
            }
            exit_code = run(*settings);
        });
        return sub;
    };

    cli::UpOptions up_options;
    auto* up = command(&app, "up", "start every service on this machine", [&](const auto& settings) {
        up_options.config_file = config;
        return cli::up(settings, up_options);
    });
    up->add_option_function<std::string>(
          "--readers", [&](const std::string& text) { up_options.readers = readers_of(text); },
          "reader processes, or auto: as many as the mail needs (default: reader.processes)")
        ->check(a_number_from(0));
    up->add_flag("--demo", up_options.demo, "on a home without accounts: one per role, their password printed once");
    up->add_flag("--exit-when-idle", up_options.exit_when_idle, "stop once all mail has been routed");

    int readers = cli::kReadersAsSet;
    std::string drain;
    auto* workers = command(&app, "workers", "list the workers, change their number, drain one",
                            [&](const auto& settings) { return cli::workers(settings, readers, drain); });
    workers
        ->add_option_function<std::string>(
            "--readers", [&](const std::string& text) { readers = readers_of(text); },
            "how many readers there must be; auto: as many as the mail needs")
        ->check(a_number_from(1));
    workers->add_option("--drain", drain, "this worker finishes its task and leaves");

    cli::ReadOptions read_options;
    auto* read = command(&app, "read", "read lots or files without any service",
                         [&](const auto& settings) { return cli::read(settings, read_options); });
    read->add_flag("--json", read_options.json, "one line of JSON per pli");
    read->add_option("--caisse", read_options.caisse, "caisse of loose files, three digits");
    read->add_option("--received", read_options.received_on, "arrival date of loose files, YYYY-MM-DD");
    read->add_option("paths", read_options.paths, "lot folders or files")->required();

    std::vector<std::string> lots;
    auto* submit = command(&app, "submit", "hand lots over to the running system; done once they are durable",
                           [&](const auto& settings) { return cli::submit(settings, lots); });
    submit->add_option("lots", lots, "lot folders")->required();

    bool json = false;
    auto* status = command(&app, "status", "what stands where, and both conservation equations",
                           [&](const auto& settings) { return cli::status(settings, json); });
    status->add_flag("--json", json, "for programs");

    command(&app, "verify", "check the audit chain, every stored file and the equations",
            [](const auto& settings) { return cli::verify(settings); });

    cli::StoreOptions store_options;
    auto* store = app.add_subcommand("store", "where the ledger is");
    store->require_subcommand(1);
    auto* store_copy = command(store, "copy", "move the ledger to PostgreSQL, or back to SQLite, with the hub stopped",
                               [&](const auto& settings) { return cli::store_copy(settings, store_options); });
    store_copy->add_option("--to", store_options.to, "postgresql://user@host/database, or sqlite:")->required();
    store_copy->add_option("--from", store_options.from, "default: store.url of the settings");

    cli::BenchOptions bench_options;
    auto* bench = app.add_subcommand("bench", "speed and memory, with the machine and the peer's figure");
    bench->require_subcommand(1);
    auto* bench_read = command(bench, "read", "reading, beside full-page OCR of the same pages",
                               [&](const auto& settings) { return cli::bench_read(settings, bench_options); });
    bench_read->add_option("paths", bench_options.paths, "lots or files (default: invented mail)");
    bench_read->add_option("--out", bench_options.out, "folder to write bench-read.json and its pictures in");
    bench_read->add_option("--plis", bench_options.plis, "how many plis to invent");
    bench_read->add_option("--stratified", bench_options.stratified, "invent that many plis of each type instead");
    bench_read->add_option("--seed", bench_options.seed, "of the invented mail");
    bench_read->add_option("--half", bench_options.half, "of the layouts and wordings: what is tuned is tuned on train")
        ->check(CLI::IsMember({"train", "test"}));
    auto* bench_flow = command(bench, "flow", "the journal: durable transitions per second",
                               [&](const auto&) { return cli::bench_flow(bench_options); });
    for (auto* one : {bench_read, bench_flow}) {
        one->add_flag("--json", bench_options.json, "for programs");
        one->add_option("--runs", bench_options.runs, "of which the median is shown")->check(CLI::Range(1, 20));
    }

    cli::DigitsOptions digits_options;
    auto* digits = app.add_subcommand("digits", "the model that reads figures in boxes");
    digits->require_subcommand(1);
    auto* digits_train = command(digits, "train", "make the model, and say how good it is",
                                 [&](const auto&) { return cli::digits_train(digits_options); });
    digits_train->add_option("--out", digits_options.model, "file to write");
    digits_train->add_option("--seed", digits_options.seed, "of what is drawn and of the first weights");
    digits_train->add_option("--steps", digits_options.steps, "of 64 samples each")->check(CLI::Range(1, 1'000'000));
    auto* digits_check = command(digits, "check", "say how good the model is on what it never saw",
                                 [&](const auto&) { return cli::digits_check(digits_options); });
    digits_check->add_option("--model", digits_options.model, "file to judge");
    for (auto* one : {digits_train, digits_check}) {
        one->add_option("--combs", digits_options.combs, "combs to draw for the check, of each identifier and writing");
        one->add_option("--sheet", digits_options.sheet, "digits.png of Debian's opencv-doc")->required();
        one->add_option("--fonts", digits_options.fonts, "folders of fonts, besides /usr/share/fonts");
        one->add_option("--font-list", digits_options.font_list, "which fonts are learnt from (CSV)");
    }

    cli::LettersOptions letters_options;
    auto* letters = app.add_subcommand("letters", "the model that knows letters by their wording");
    letters->require_subcommand(1);
    auto* letters_train =
        command(letters, "train", "make the model from letters whose type is known, and say how good it is",
                [&](const auto& settings) { return cli::letters_train(settings, letters_options); });
    letters_train->add_option("--out", letters_options.model, "file to write");
    letters_train->add_option("--seed", letters_options.seed, "of the errors that letters are written again with");
    letters_train->add_flag("--keyed", letters_options.keyed,
                            "learn also from what keyers of this installation settled; its hub must be running");
    command(letters, "corrections", "what keyers settled against what was proposed, type by type",
            [&](const auto& settings) { return cli::letters_corrections(settings); });
    auto* letters_check = command(letters, "check", "say how good the model is on letters that it never saw",
                                  [&](const auto& settings) { return cli::letters_check(settings, letters_options); });
    letters_check->add_option("--model", letters_options.model, "file to judge");
    for (auto* one : {letters_train, letters_check}) {
        one->add_option("mail", letters_options.mail, "folders of lots, each with its truth.jsonl")->required();
    }

    cli::CalibrateOptions calibrate_options;
    auto* calibrate =
        command(&app, "calibrate", "what the reader's probabilities are worth, from readings whose truth is known",
                [&](const auto& settings) { return cli::calibrate(settings, calibrate_options); });
    calibrate->add_option("readings", calibrate_options.readings, "what `pleiade read --json` printed")->required();
    calibrate->add_option("truth", calibrate_options.truth, "the same plis as they are (truth.jsonl)")->required();
    calibrate->add_option("--target", calibrate_options.target, "share of wrong types that is borne (0.005)")
        ->check(CLI::Range(0.0001, 0.5));
    calibrate->add_option("--out", calibrate_options.out, "folder to write certainty.svg and certainty.json in");
    auto* write_certainty =
        calibrate->add_option("--write", calibrate_options.write, "file to write the curves and thresholds to");
    calibrate->add_option("--version", calibrate_options.version, "name of these curves, such as 2026-11-22")
        ->needs(write_certainty);

    std::string beneficiaries_csv;
    auto* beneficiaries = app.add_subcommand("beneficiaries", "the register of the people whom the caisses insure");
    beneficiaries->require_subcommand(1);
    auto* beneficiaries_import =
        command(beneficiaries, "import", "replace the register by a CSV file, all of it or nothing",
                [&](const auto& settings) { return cli::beneficiaries_import(settings, beneficiaries_csv); });
    beneficiaries_import->add_option("csv", beneficiaries_csv, "nir;last_name;first_name;birth_date;caisse")
        ->required();
    command(beneficiaries, "status", "how many people it knows",
            [&](const auto& settings) { return cli::beneficiaries_status(settings); });

    cli::RecoverOptions recover_options;
    cli::FindOptions find_options;
    std::string story_of;
    auto* pli = app.add_subcommand("pli", "recovery verbs over plis and documents; finding them; their story");
    pli->require_subcommand(1);
    for (const auto& [verb, help] : cli::recovery_verbs()) {
        auto* one = command(pli, verb, help, [&, verb = verb](const auto& settings) {
            return cli::recover(settings, verb, recover_options);
        });
        one->add_option("ids", recover_options.ids, "plis (32 digits) or documents (pli-number)")->required();
        one->add_option("--reason", recover_options.reason, "why; kept with the audit entry")->required();
        one->add_option("--by", recover_options.by, "who asks (default: the user of this session)");
        one->add_flag("--json", recover_options.json, "for programs");
        if (verb == "reclassify")
            one->add_option("--type", recover_options.type, "code of the nomenclature")->required();
        if (verb == "reject") one->add_option("--code", recover_options.code, "such as NOT_FOR_US")->required();
        if (verb == "hold") one->add_option("--code", recover_options.code, "such as NEEDS_ADVICE");
        if (verb == "un-quarantine") {
            one->add_option("--to", recover_options.to, "retry (default), or keying when no reader can read it")
                ->check(CLI::IsMember({"retry", "keying"}));
        }
    }
    auto* find = command(pli, "find", "find plis by what is written on them",
                         [&](const auto& settings) { return cli::find(settings, find_options); });
    find->add_option("--pli", find_options.pli, "identifier, its first 8 digits or more, or rank with --lot");
    find->add_option("--lot", find_options.lot, "lot");
    find->add_option("--endorser", find_options.endorser, "number printed by the scanner");
    find->add_option("--registered", find_options.registered_mail, "number of a registered letter");
    find->add_flag("--nir", find_options.nir, "by the NIR on standard input; audited");
    find->add_option("--from", find_options.received_from, "received on or after, YYYY-MM-DD");
    find->add_option("--to", find_options.received_to, "received on or before, YYYY-MM-DD");
    find->add_option("--caisse", find_options.caisse, "three digits");
    find->add_option("--type", find_options.type, "code of the nomenclature");
    find->add_option("--service", find_options.service, "service");
    find->add_option("--state", find_options.state, "state of a document");
    find->add_option("--by", find_options.by, "who searches (default: the user of this session)");
    find->add_flag("--json", find_options.json, "for programs");
    auto* story = command(pli, "story", "everything that became of a pli",
                          [&](const auto& settings) { return cli::story(settings, story_of, find_options.json); });
    story->add_option("id", story_of, "pli (32 digits)")->required();
    story->add_flag("--json", find_options.json, "for programs");

    cli::AccountOptions account_options;
    auto* accounts = app.add_subcommand("accounts", "who may sign in, and what they may do");
    accounts->require_subcommand(1);
    const auto account_of = [&](const std::string& verb, const std::string& help, auto run) {
        auto* one = command(accounts, verb, help, run);
        one->add_option("name", account_options.name, "account")->required();
        return one;
    };
    const auto rights_of = [&](CLI::App* one) {
        one->add_option("--role", account_options.roles,
                        "scan_operator, keyer, supervisor, service_agent, auditor, technical_admin; may be repeated")
            ->required()
            ->allow_extra_args(false);
        one->add_option("--skill", account_options.skills, "of a keyer; may be repeated")->allow_extra_args(false);
        one->add_option("--service", account_options.services, "of an agent: 595-IJ; may be repeated")
            ->allow_extra_args(false);
        one->add_option("--caisse", account_options.caisses, "only the mail of this caisse; may be repeated")
            ->allow_extra_args(false);
        one->add_flag("--medical", account_options.medical, "habilitated for secret médical");
        one->add_option("--display-name", account_options.display_name, "as others see it");
        one->add_option("--subject", account_options.subject, "`sub` at the identity provider; no password then");
    };
    auto* account_add = account_of("add", "make an account; its password is read from the terminal or standard input",
                                   [&](const auto& settings) { return cli::accounts_add(settings, account_options); });
    rights_of(account_add);
    rights_of(account_of("role", "replace its rights",
                         [&](const auto& settings) { return cli::accounts_role(settings, account_options); }));
    auto* account_password =
        account_of("password", "a new password, from the terminal or standard input",
                   [&](const auto& settings) { return cli::accounts_password(settings, account_options); });
    for (auto* one : {account_add, account_password}) {
        one->add_flag("--once", account_options.must_change, "to be changed at the first sign-in");
    }
    for (const auto& [verb, state, help] : {std::tuple{"lock", "LOCKED", "nobody signs in with it; its sessions end"},
                                            {"unlock", "ACTIVE", "it may sign in again"},
                                            {"remove", "REMOVED", "for good; its name never serves again"}}) {
        account_of(verb, help, [&, state = state](const auto& settings) {
            return cli::accounts_state(settings, account_options.name, state);
        });
    }
    auto* account_list = command(accounts, "list", "the accounts and their rights",
                                 [&](const auto& settings) { return cli::accounts_list(settings, json); });
    account_list->add_flag("--json", json, "for programs");

    std::string key_name;
    std::string key_service;
    auto* keys = app.add_subcommand("keys", "keys of services' machines, one service each; keys of the bus");
    keys->require_subcommand(1);
    auto* key_add = command(keys, "add", "make a key; it is printed once",
                            [&](const auto& settings) { return cli::keys_add(settings, key_name, key_service); });
    key_add->add_option("--service", key_service, "595-IJ")->required();
    auto* key_revoke = command(keys, "revoke", "this key opens nothing any more",
                               [&](const auto& settings) { return cli::keys_revoke(settings, key_name); });
    for (auto* one : {key_add, key_revoke}) one->add_option("name", key_name, "key")->required();
    command(keys, "list", "the keys", [](const auto& settings) { return cli::keys_list(settings); });

    cli::BusKeyOptions bus_key;
    auto* bus_keys = keys->add_subcommand("bus", "who may speak on the bus over tcp://, and as what");
    bus_keys->require_subcommand(1);
    const auto bus_key_of = [&](const std::string& verb, const std::string& help, auto run, bool with_role) {
        auto* one = command(bus_keys, verb, help, run);
        if (with_role) {
            one->add_option("--role", bus_key.role, "scanner, reader, router, gateway, ops or hub")
                ->required()
                ->check(CLI::IsMember(std::vector<std::string>(bus::kRoles.begin(), bus::kRoles.end())));
        }
        return one;
    };
    auto* bus_create = bus_key_of(
        "create", "make a pair: its secret in a file (0600), its public key printed and let in",
        [&](const auto& settings) { return cli::bus_keys_create(settings, bus_key); }, true);
    bus_create->add_option("--out", bus_key.out, "file of the secret (default: <home>/keys/bus/ROLE.key)");
    auto* bus_allow = bus_key_of(
        "allow", "let in a pair that was made on another host",
        [&](const auto& settings) { return cli::bus_keys_allow(settings, bus_key); }, true);
    bus_allow->add_option("public", bus_key.public_key, "its public key")->required();
    bus_allow->add_option("--name", bus_key.name, "what to call it")->required();
    auto* bus_rotate = bus_key_of(
        "rotate", "a second key beside the first; with --finish, the older is refused",
        [&](const auto& settings) { return cli::bus_keys_rotate(settings, bus_key); }, false);
    bus_rotate->add_flag("--finish", bus_key.finish, "drop the older key");
    bus_rotate->add_option("--public", bus_key.public_key, "the second key, made on another host");
    auto* bus_revoke = bus_key_of(
        "revoke", "this key opens nothing any more, from now on",
        [&](const auto& settings) { return cli::bus_keys_revoke(settings, bus_key.name); }, false);
    for (auto* one : {bus_create, bus_rotate, bus_revoke}) one->add_option("name", bus_key.name, "key")->required();
    auto* bus_list = command(bus_keys, "list", "the keys, their role and state",
                             [&](const auto& settings) { return cli::bus_keys_list(settings, json); });
    bus_list->add_flag("--json", json, "for programs, with the public keys");

    // Started by the gateway, not by people: not shown in the help.
    cli::OcrOptions ocr_options;
    auto* ocr = command(&app, "ocr", "the text of grey pixels on standard input",
                        [&](const auto& settings) { return cli::ocr(settings, ocr_options); });
    ocr->group("");
    ocr->add_option("--width", ocr_options.width)->required()->check(CLI::Range(1, 20'000));
    ocr->add_option("--height", ocr_options.height)->required()->check(CLI::Range(1, 20'000));
    ocr->add_option("--dpi", ocr_options.dpi)->check(CLI::Range(0, 2'400));
    ocr->add_flag("--digits", ocr_options.digits);

    auto* router = app.add_subcommand("router", "the routing plan");
    router->require_subcommand(1);
    command(router, "check", "check every table of the routing plan",
            [](const auto& settings) { return cli::router_check(settings); });

    auto* forms = app.add_subcommand("forms", "the registered forms, by which pages are recognised");
    forms->require_subcommand(1);
    cli::FormsAddOptions form_options;
    auto* add = command(forms, "add", "register a blank form: each of its pages, with a proposal of its zones",
                        [&](const auto& settings) { return cli::forms_add(settings, form_options); });
    add->add_option("blank", form_options.blank, "PDF or image of the blank form")->required();
    add->add_option("--type", form_options.type, "code of the nomenclature")->required();
    add->add_option("--cerfa", form_options.cerfa, "five digits (default: as printed)");
    add->add_option("--version", form_options.version, "version (default: as printed behind the Cerfa number)");
    add->add_option("--reference", form_options.reference, "S-reference (default: as printed)");
    add->add_option("--pages", form_options.pages, "only these pages, 1,3")->delimiter(',');
    add->add_option("--notice-pages", form_options.notice_pages, "pages that are the notice of the form")
        ->delimiter(',');
    add->add_flag("--replace", form_options.replace, "write anew what is registered under the same name");
    command(forms, "check", "check every registered form: files, zones, forms too alike to be told apart",
            [](const auto& settings) { return cli::forms_check(settings); });
    command(forms, "list", "list the registered forms", [](const auto& settings) { return cli::forms_list(settings); });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? runtime::kExitDone : runtime::kExitUsage;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return runtime::kExitInternal;
    }
    return exit_code;
}
