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

// Whether a product takes an administrator's name and password where it takes a key.
enum class AdminLogin { none, basic };

// The options that `setup thehive`, `setup cortex` and `setup opencti` have in common.
struct ProductOptions {
  explicit ProductOptions(const EndpointWords& given) : words(&given) {}
  const EndpointWords* words;
  profile::Flags flags;
  std::string timeout, admin_key_file, admin_login, key_file, output;
  bool dry_run = false, write = false, renew_key = false, show_key = false;

  void add_to(Command& command, AdminLogin login);
  // Where the product is, with the administrator's key or password.
  Result<profile::Endpoint> resolve(Env& env) const;
  // Where the user's key is kept.
  std::string key_path() const;
};

// What one run of `setup PRODUCT` works with.
struct ProductRun {
  profile::Endpoint endpoint;
  http::Client http;
  Deadline deadline;
};

// Plans, shows, and with --write makes and confirms. `plan` is called again after that, then
// without
// --renew-key.
enum class KeyRenewal { as_asked, keep };
using Planner = std::function<std::vector<setup::Step>(ProductRun&, KeyRenewal)>;
ExitCode run_product_setup(const ProductOptions& options, Context& context, const Planner& plan);

// The first line of a file that holds a secret, checked as key files are; `-`: standard input.
Result<Secret> read_secret(const std::string& file);

}  // namespace socbridge::socctl
