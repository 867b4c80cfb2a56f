// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/env.h"
#include "delivery/sender.h"
#include "http/client.h"
#include "integration/settings.h"
#include "profile/profile.h"

namespace socbridge::socctl {

// Errors (usage): a name that is neither empty, `default` nor configured.
Status check_destination(const std::string& name, const integration::Loaded& loaded);

// One destination of `alert send`, and its state.
struct SendDestination {
  Status error;  // why nothing can be sent to it
  integration::Settings settings;
  std::unique_ptr<http::Client> client;
  std::optional<delivery::Sender> sender;
  int failed_in_a_row = 0;  // may depend on the alerts' content
  bool stopped = false;     // its key was refused or it does not answer
};

// The destinations that the rules name, each opened when the first alert goes there: its version is
// read, and a circuit breaker that is open because of the key is closed if TheHive now accepts it.
class SendDestinations {
 public:
  // `top`: the endpoint of the top-level destination, or why it is unknown. Env and `loaded` must
  // outlive it.
  SendDestinations(Env& env, const integration::Loaded& loaded, Result<profile::Endpoint> top)
      : env_(env), loaded_(loaded), top_(std::move(top)) {}

  SendDestination& get(const std::string& name);

 private:
  void make(const std::string& name, SendDestination& out);

  Env& env_;
  const integration::Loaded& loaded_;
  Result<profile::Endpoint> top_;
  std::map<std::string, std::unique_ptr<SendDestination>> all_;
};

}  // namespace socbridge::socctl
