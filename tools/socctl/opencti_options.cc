#include "opencti_options.h"

#include "base/text.h"
#include "base/time.h"

namespace socbridge::socctl {

void OpenctiFlags::add_to(CLI::App& command) {
  command.add_option("--url", flags.url, "Base URL of OpenCTI")->type_name("URL");
  command.add_option("--key-file", flags.key_file, "File that holds the token of OpenCTI")
      ->type_name("FILE");
  command.add_option("--ca-file", flags.ca_file, "CA certificates (PEM) to trust")
      ->type_name("FILE");
  command
      .add_option("--profile", flags.config_file,
                  "socctl's own configuration (default: ~/.config/socctl/config.json, then "
                  "/etc/socctl/config.json)")
      ->type_name("FILE");
  command.add_option("--timeout", timeout, "Give up after this time, such as 30s (default 60s)")
      ->type_name("DURATION");
}

Result<std::int64_t> OpenctiFlags::timeout_ms() const {
  constexpr std::int64_t kDefaultMs = 60000;
  if (timeout.empty()) return kDefaultMs;
  const auto ms = parse_duration_ms(timeout);
  if (ms && *ms > 0) return *ms;
  return Status::error(ExitCode::usage,
                       "--timeout: \"" + printable(timeout, 40) + "\" is not a duration",
                       "write 500ms, 30s or 5m");
}

Result<std::unique_ptr<OpenctiLink>> connect_opencti(Env& env, const OpenctiFlags& flags) {
  auto endpoint =
      profile::resolve(env, "opencti", flags.flags, profile::Surroundings::of_process(env));
  if (!endpoint.ok()) return endpoint.status();
  http::ClientOptions options;
  options.tls.ca_file = endpoint->ca_file;
  options.max_response_bytes = std::size_t{64} << 20;
  return std::make_unique<OpenctiLink>(options,
                                       opencti::Endpoint{endpoint->url, std::move(endpoint->key)});
}

}  // namespace socbridge::socctl
