// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/client.h"
#include "profile/profile.h"
#include "setup/step.h"
#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"
#include "socctl/setup/output.h"

namespace socbridge::socctl {

// Whether a product accepts an administrator's name and password instead of a key.
enum class AdminLogin { none, basic };

// The options that `setup thehive`, `setup cortex` and `setup opencti` have in common.
struct ProductOptions {
  explicit ProductOptions(const EndpointWords& given) : words(&given) {}
  const EndpointWords* words;
  profile::Flags flags;
  std::string timeout, admin_key_file, admin_login, key_file, output;
  bool dry_run = false, write = false, renew_key = false, show_key = false;

  void add_to(Command& command, AdminLogin login);
  // The endpoint of the product, with the administrator's key or password.
  Result<profile::Endpoint> resolve(Env& env) const;
  // The file for the user's key.
  std::string key_path() const;
};

// The environment of one run of `setup PRODUCT`.
struct ProductRun {
  profile::Endpoint endpoint;
  http::Client http;
  Deadline deadline;
};

// Plans and prints; with --write also creates and confirms. `plan` is called again after writing,
// then without --renew-key.
enum class KeyRenewal { as_asked, keep };
using Planner = std::function<std::vector<setup::Step>(ProductRun&, KeyRenewal)>;
ExitCode run_product_setup(const ProductOptions& options, Context& context, const Planner& plan);

// The first line of a file with a secret, checked like key files; `-`: standard input.
Result<Secret> read_secret(const std::string& file);

}  // namespace socbridge::socctl
