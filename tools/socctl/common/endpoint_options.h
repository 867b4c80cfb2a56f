// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "http/client.h"
#include "profile/profile.h"
#include "socctl/common/command_line.h"

namespace socbridge::socctl {

// --profile: the configuration file of socctl.
void add_profile_option(Command& command, std::string& file);

// The names of one product in its flags.
struct EndpointWords {
  const char* product;  // for profile::resolve()
  const char* title;
  const char* key;      // name of its key
  const char* timeout;  // help of --timeout
  std::int64_t timeout_ms;
};

// The server of a product and its time limit: --url, --key-file, --ca-file, --profile, --timeout.
struct EndpointFlags {
  explicit EndpointFlags(const EndpointWords& given) : words(&given) {}
  const EndpointWords* words;
  profile::Flags flags;
  std::string timeout;

  void add_to(Command& command);
  Result<std::int64_t> timeout_ms() const;
  Result<profile::Endpoint> resolve(Env& env) const;
};

// For answers of up to 64 MiB from this server.
http::ClientOptions client_options(const profile::Endpoint& endpoint);

}  // namespace socbridge::socctl
