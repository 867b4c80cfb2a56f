// SPDX-License-Identifier: Apache-2.0
#include "setup/cortex.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "socctl/setup/product_options.h"
#include "socctl/setup/verbs.h"

namespace socbridge::socctl {
namespace {

constexpr EndpointWords kWords = {"cortex", "Cortex", "API key",
                                  "Time limit for all requests (default 2m)", 120000};

struct Options : ProductOptions {
  Options() : ProductOptions(kWords) {}
  std::string organisation, user, orgadmin, first_admin, password_file;
  std::vector<std::string> analyzers, keys, rates;
};

setup::CortexAnalyzer* find(std::vector<setup::CortexAnalyzer>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& one) { return iequals(one.base, name); });
  return found == all.end() ? nullptr : &*found;
}

Status unknown(const std::string& option, std::string_view name) {
  return Status::error(ExitCode::usage,
                       option + " names " + printable(name, 60) + ", which is not selected",
                       "name it with --analyzer too");
}

// The five default analyzers, or the named ones, with their defaults.
std::vector<setup::CortexAnalyzer> chosen_analyzers(const Options& options) {
  std::vector<setup::CortexAnalyzer> known = setup::default_analyzers();
  if (options.analyzers.empty()) return known;
  std::vector<setup::CortexAnalyzer> out;
  for (const std::string& name : options.analyzers) {
    const setup::CortexAnalyzer* one = find(known, name);
    if (find(out, name) == nullptr)
      out.push_back(one == nullptr ? setup::CortexAnalyzer{name, {}, {}, false} : *one);
  }
  return out;
}

// Applies `NAME=FILE` of keys, and NAME=N/UNIT of limits.
Result<std::vector<setup::CortexAnalyzer>> read_analyzers(const Options& options) {
  std::vector<setup::CortexAnalyzer> out = chosen_analyzers(options);
  for (const std::string& text : options.keys) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
      return Status::error(ExitCode::usage, "--analyzer-key must be NAME=FILE",
                           "for example VirusTotal_GetReport=/root/virustotal.key");
    }
    setup::CortexAnalyzer* one = find(out, text.substr(0, equals));
    if (one == nullptr) return unknown("--analyzer-key", text.substr(0, equals));
    auto key = read_secret(text.substr(equals + 1));
    if (!key.ok()) return key.status();
    one->key = std::move(*key);
  }
  for (const std::string& text : options.rates) {
    auto rule = cortex::parse_limit_rule(text, "--rate");
    if (!rule.ok()) return rule.status();
    setup::CortexAnalyzer* one = find(out, rule->analyzer);
    if (one == nullptr) return unknown("--rate", rule->analyzer);
    one->limit = rule->limit;
  }
  return out;
}

Result<setup::CortexSetup> read_setup(const Options& options) {
  setup::CortexSetup wanted;
  wanted.admin_login = options.admin_login;
  if (!options.first_admin.empty()) wanted.first_admin = options.first_admin;
  if (!options.password_file.empty()) {
    auto password = read_secret(options.password_file);
    if (!password.ok()) return password.status();
    wanted.first_password = std::move(*password);
  }
  if (!options.organisation.empty()) wanted.organisation = options.organisation;
  if (!options.user.empty()) wanted.login = options.user;
  if (!options.orgadmin.empty()) wanted.orgadmin_login = options.orgadmin;
  auto analyzers = read_analyzers(options);
  if (!analyzers.ok()) return analyzers.status();
  wanted.analyzers = std::move(*analyzers);
  wanted.key_file = options.key_path();
  return wanted;
}

ExitCode run(const Options& options, Context& context) {
  const auto read = read_setup(options);
  if (!read.ok()) return fail(read.status());
  return run_product_setup(options, context, [&](ProductRun& run, KeyRenewal renewal) {
    setup::CortexSetup wanted = *read;
    wanted.url = run.endpoint.url;
    wanted.admin_key = run.endpoint.key;
    wanted.renew_key = options.renew_key && renewal == KeyRenewal::as_asked;
    return setup::plan_cortex(context.env, run.http, wanted, run.deadline);
  });
}

void add_analyzer_options(Command& command, Options& options) {
  command
      .add_option("--analyzer", options.analyzers,
                  "Analyzer to enable, without its version; repeatable (default: "
                  "VirusTotal_GetReport, AbuseIPDB, URLhaus, MaxMind_GeoIP, FileInfo)")
      ->one_value_each()
      ->type_name("NAME");
  command
      .add_option("--analyzer-key", options.keys,
                  "File with the key of an analyzer's service; repeatable")
      ->one_value_each()
      ->type_name("NAME=FILE");
  command
      .add_option("--rate", options.rates,
                  "Limit that Cortex enforces, such as AbuseIPDB=1000/day or URLhaus=none "
                  "(default: 500/day for VirusTotal_GetReport, 1000/day for AbuseIPDB); "
                  "repeatable")
      ->one_value_each()
      ->type_name("NAME=N/UNIT");
}

}  // namespace

void add_setup_cortex(Command& setup, Chosen& chosen) {
  Command* command = setup.add_subcommand("cortex",
                                          "Show, or with --write create, what Cortex needs: index, "
                                          "superadmin, organisation, users, key, "
                                          "analyzers with their limits");
  auto options = std::make_shared<Options>();
  options->add_to(*command, AdminLogin::basic);
  command
      ->add_option("--admin-password-file", options->password_file,
                   "Password of the first superadmin, for a Cortex without users; the key is that "
                   "of --admin-key-file")
      ->type_name("FILE");
  command
      ->add_option("--first-admin", options->first_admin,
                   "Login of the first superadmin, for a Cortex without users (default: admin)")
      ->type_name("LOGIN");
  command
      ->add_option("--organisation", options->organisation,
                   "Organisation that runs the analyzers (default: soc)")
      ->type_name("NAME");
  command
      ->add_option("--user", options->user,
                   "Login of the new user, with read and analyze (default: socbridge)")
      ->type_name("LOGIN");
  command
      ->add_option("--orgadmin", options->orgadmin,
                   "Login of the user that configures analyzers, with read and orgadmin (default: "
                   "socbridge-orgadmin)")
      ->type_name("LOGIN");
  add_analyzer_options(*command, *options);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run(*options, context); };
  });
}

}  // namespace socbridge::socctl
