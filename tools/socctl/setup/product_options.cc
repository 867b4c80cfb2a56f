// SPDX-License-Identifier: Apache-2.0
#include "socctl/setup/product_options.h"

#include <algorithm>

#include "base/named_file.h"
#include "base/text.h"
#include "base/time.h"
#include "config/key_file.h"
#include "config/key_text.h"
#include "setup/key_file.h"

namespace socbridge::socctl {
namespace {

// The regular key is not an administrator's: only variables for this purpose are used.
void take_out(profile::SystemPaths& around, const std::string& name) {
  auto& all = around.environment;
  all.erase(
      std::remove_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; }),
      all.end());
}

// A key that this machine has for the product at another URL is neither sent to this one nor
// replaced.
Status check_key_file(const ProductOptions& options, const profile::Endpoint& here, Env& env) {
  const auto kept = setup::read_key_file(options.key_path());
  if (!kept.ok() || !kept->has_value()) return {};  // the plan reports the error
  profile::Flags flags;
  flags.config_file = options.flags.config_file;
  const auto known =
      profile::find(env, options.words->product, flags, profile::SystemPaths::of_process());
  if (!known.ok() || !known->has_value()) return {};
  const profile::Endpoint& other = **known;
  if (other.url == here.url || other.key.reveal() != (**kept).reveal()) return {};
  return Status::error(ExitCode::usage,
                       printable(options.key_path(), 300) + " has the key for " +
                           printable(other.url, 200) + " (" + other.url_origin + ")",
                       "give --key-file with another file, or that URL");
}

}  // namespace

Result<Secret> read_secret(const std::string& file) {
  if (file != "-") return config::read_key(Secret("file:" + file), {{}, Trust::of_process()});
  constexpr std::size_t kMost = 4096;
  auto text = read_all_named(file, kMost);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  auto secret = config::key_in(*text, name_of_input(file));
  secure_wipe(text->data(), text->size());
  return secret;
}

void ProductOptions::add_to(Command& command, AdminLogin login) {
  const std::string title = words->title, name = words->product;
  command.add_option("--url", flags.url, "Base URL of " + title)->type_name("URL");
  command
      .add_option("--admin-key-file", admin_key_file,
                  "File with the " + std::string(words->key) +
                      " of an administrator, or - for standard input (default: SOCCTL_" +
                      ascii_upper(name) + "_ADMIN_KEY or _ADMIN_KEY_FILE)")
      ->type_name("FILE");
  if (login == AdminLogin::basic) {
    command
        .add_option("--admin-login", admin_login,
                    "Name of the administrator, if the file has a password")
        ->type_name("NAME");
  }
  command
      .add_option("--key-file", key_file,
                  "File for the key of the new user, mode 0600 (default: " + name +
                      ".key in /etc/socctl for root, else in ~/.config/socctl)")
      ->type_name("FILE");
  command.add_flag("--renew-key", renew_key,
                   "Create a new key even if the user has one, which becomes invalid");
  command.add_flag("--show-key", show_key, "Also print the user's key");
  command.add_option("--ca-file", flags.ca_file, "CA certificates (PEM) to trust")
      ->type_name("FILE");
  add_profile_option(command, flags.config_file);
  command.add_option("--timeout", timeout, words->timeout)->type_name("DURATION");
  Option* dry = command.add_flag("--dry-run", dry_run,
                                 "Only show what is missing and what differs; the default");
  command.add_flag("--write", write, "Create what is missing, correct what differs")->excludes(dry);
  add_output_option(command, output);
}

Result<profile::Endpoint> ProductOptions::resolve(Env& env) const {
  profile::SystemPaths around = profile::SystemPaths::of_process();
  const std::string prefix = "SOCCTL_" + ascii_upper(words->product);
  std::string file = admin_key_file;
  std::string given(around.variable(prefix + "_ADMIN_KEY"));
  if (file.empty() && given.empty()) file = around.variable(prefix + "_ADMIN_KEY_FILE");
  if (!file.empty()) {
    auto secret = read_secret(file);
    if (!secret.ok()) return secret.status();
    given = secret->reveal();
  }
  if (given.empty()) {
    return Status::error(
        ExitCode::usage,
        "no " + std::string(words->key) + " of an administrator of " + words->title + " is given",
        "give --admin-key-file FILE, or - for standard input, or set " + prefix +
            "_ADMIN_KEY_FILE");
  }
  for (const char* name : {"_KEY", "_KEY_FILE", "_USER", "_SCHEME", "_ORGANISATION"})
    take_out(around, prefix + name);
  around.environment.emplace_back(prefix + "_KEY", given);
  auto endpoint = profile::resolve(env, words->product, flags, around);
  secure_wipe(given.data(), given.size());
  auto& kept = around.environment.back().second;
  secure_wipe(kept.data(), kept.size());
  return endpoint;
}

std::string ProductOptions::key_path() const {
  if (!key_file.empty()) return key_file;
  const auto around = profile::SystemPaths::of_process();
  return setup::default_key_file(words->product, std::string(around.variable("HOME")));
}

ExitCode run_product_setup(const ProductOptions& options, Context& context, const Planner& plan) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  EndpointFlags time(*options.words);
  time.timeout = options.timeout;
  const auto timeout = time.timeout_ms();
  if (!timeout.ok()) return fail(timeout.status());
  auto endpoint = options.resolve(context.env);
  if (!endpoint.ok()) return fail(endpoint.status());
  if (Status bad = check_key_file(options, *endpoint, context.env); !bad.ok()) return fail(bad);
  http::Client http(client_options(*endpoint));
  ProductRun run{std::move(*endpoint), std::move(http), Deadline::after_ms(*timeout)};
  StepsOutput output{options.words->product, *format};
  std::vector<setup::Step> steps = plan(run, KeyRenewal::as_asked);
  if (options.write && !setup::has_failed(steps) && setup::carry_out(steps).ok())
    setup::confirm(steps, plan(run, KeyRenewal::keep));
  if (options.show_key && !setup::has_failed(steps)) {
    if (auto key = setup::read_key_file(options.key_path()); key.ok() && key->has_value())
      output.key = **key;
  }
  output.print(steps, context);
  return setup::exit_code(steps);
}

}  // namespace socbridge::socctl
