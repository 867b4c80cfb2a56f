// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "http/client.h"
#include "profile/profile.h"
#include "socctl/common/command_line.h"

namespace socbridge::socctl {

// --profile: which configuration of socctl is read.
void add_profile_option(Command& command, std::string& file);

// How the flags of one product speak of it.
struct EndpointWords {
  const char* product;  // as profile::resolve() knows it
  const char* title;
  const char* key;      // what its key is called
  const char* timeout;  // help of --timeout
  std::int64_t timeout_ms;
};

// Which server of a product, and how long it may take: --url, --key-file, --ca-file, --profile,
// --timeout.
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
