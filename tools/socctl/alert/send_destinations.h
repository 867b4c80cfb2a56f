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

// One destination of `alert send`, and how it does.
struct SendDestination {
  Status error;  // why nothing can be sent to it
  integration::Settings settings;
  std::unique_ptr<http::Client> client;
  std::optional<delivery::Sender> sender;
  int failed_in_a_row = 0;  // each perhaps for what the alert holds
  bool stopped = false;     // its key was refused or it is gone: nothing more is sent to it
};

// The destinations that the rules name, each made ready when the first alert goes there: the
// version is asked, and a circuit breaker that is open for a key opens if TheHive takes it by now.
class SendDestinations {
 public:
  // `top`: where the alerts of the top-level destination go, or why that is not known. Env and
  // `loaded` must outlive it.
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
