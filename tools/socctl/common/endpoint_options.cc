// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/endpoint_options.h"

#include "base/text.h"
#include "base/time.h"

namespace socbridge::socctl {

void add_profile_option(Command& command, std::string& file) {
  command
      .add_option("--profile", file,
                  "socctl's own configuration (default: ~/.config/socctl/config.json, then "
                  "/etc/socctl/config.json)")
      ->type_name("FILE");
}

void EndpointFlags::add_to(Command& command) {
  const std::string title(words->title);
  command.add_option("--url", flags.url, "Base URL of " + title)->type_name("URL");
  command
      .add_option("--key-file", flags.key_file,
                  "File with the " + std::string(words->key) + " of " + title)
      ->type_name("FILE");
  command.add_option("--ca-file", flags.ca_file, "CA certificates (PEM) to trust")
      ->type_name("FILE");
  add_profile_option(command, flags.config_file);
  command.add_option("--timeout", timeout, words->timeout)->type_name("DURATION");
}

Result<std::int64_t> EndpointFlags::timeout_ms() const {
  if (timeout.empty()) return words->timeout_ms;
  const auto ms = parse_duration_ms(timeout);
  if (ms && *ms > 0) return *ms;
  return Status::error(ExitCode::usage,
                       "--timeout: \"" + printable(timeout, 40) + "\" is not a duration",
                       "examples: 500ms, 30s, 5m");
}

Result<profile::Endpoint> EndpointFlags::resolve(Env& env) const {
  return profile::resolve(env, words->product, flags, profile::SystemPaths::of_process());
}

http::ClientOptions client_options(const profile::Endpoint& endpoint) {
  constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  http::ClientOptions options;
  profile::set_way(endpoint, options);
  options.max_response_bytes = kMostBytes;
  return options;
}

}  // namespace socbridge::socctl
