// SPDX-License-Identifier: Apache-2.0
#include "socctl/metrics/options.h"

#include <unistd.h>

#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/privileged_files.h"
#include "base/text.h"
#include "base/time.h"
#include "profile/indexer.h"
#include "profile/profile.h"
#include "socctl/common/endpoint_options.h"
#include "socctl/common/wazuh_access.h"

namespace socbridge::socctl {
namespace {

Status nothing_configured() {
  return Status::error(ExitCode::usage,
                       "nothing is configured: there is no product and no spool to count",
                       "set SOCCTL_THEHIVE_URL and SOCCTL_THEHIVE_KEY_FILE, write them into "
                       "~/.config/socctl/config.json, or give --spool DIR");
}

// As root: switches to the owner of the named spool, else to the user of the Wazuh home. Files of
// endpoints and the output stay accessible.
Status become_reader(Env& env, const SpoolOptions& options, const metrics::Sources& sources,
                     const std::string& output) {
  const integration::SpoolFlags& spool = options.flags;
  std::vector<std::string> named = {spool.config_file, spool.ossec_conf};
  named.insert(named.end(), options.named.begin(), options.named.end());
  for (const auto* endpoint :
       {&sources.thehive, &sources.cortex, &sources.opencti, &sources.opensearch, &sources.wazuh}) {
    if (!*endpoint) continue;
    const profile::Endpoint& at = **endpoint;
    named.insert(named.end(), {at.ca_file, at.ca_dir, at.client_cert_file, at.client_key_file});
  }
  std::erase(named, std::string());
  if (!spool.dir.empty()) {
    if (::geteuid() == 0) {
      if (Status kept = keep_files({named, output}); !kept.ok()) return kept;
    }
    if (Status owner = integration::become_owner(env, spool.dir); !owner.ok()) return owner;
  }
  return enter_wazuh(env, std::move(named), output);
}

}  // namespace

void MetricsOptions::add_to(Command& command) {
  add_profile_option(command, profile);
  command
      .add_option("--timeout", timeout, "Time limit for all requests to one product (default 10s)")
      ->type_name("DURATION");
  spool.add_to(command);
}

Result<std::int64_t> metrics_duration(const char* option, const std::string& text) {
  constexpr std::int64_t kDayMs = 86400000;
  const auto ms = parse_duration_ms(text);
  if (ms && *ms > 0 && *ms <= kDayMs) return *ms;
  return Status::error(ExitCode::usage,
                       std::string(option) + ": \"" + printable(text, 40) + "\" is not a duration",
                       "examples: 500ms, 30s, 5m; at most 1d");
}

Result<std::unique_ptr<MetricsSources>> find_metrics_sources(Env& env,
                                                             const MetricsOptions& options,
                                                             const std::string& output) {
  auto out = std::make_unique<MetricsSources>();
  const auto timeout = metrics_duration("--timeout", options.timeout);
  if (!timeout.ok()) return timeout.status();
  out->timeout_ms = *timeout;
  profile::Flags flags;
  flags.config_file = options.profile;
  flags.ossec_conf = options.spool.flags.ossec_conf;
  const auto system = profile::SystemPaths::of_process();
  auto thehive = profile::find(env, "thehive", flags, system);
  if (!thehive.ok()) return thehive.status();
  out->sources.thehive = std::move(*thehive);
  for (const auto& [product, endpoint] :
       {std::pair("cortex", &out->sources.cortex), std::pair("opencti", &out->sources.opencti),
        std::pair("opensearch", &out->sources.opensearch),
        std::pair("wazuh", &out->sources.wazuh)}) {
    auto found = profile::find(env, product, flags, system);
    if (!found.ok()) return found.status();
    *endpoint = std::move(*found);
  }
  auto patterns = profile::find_patterns(env, flags, system);
  if (!patterns.ok()) return patterns.status();
  out->sources.patterns = std::move(*patterns);

  const integration::SpoolFlags& spool = options.spool.flags;
  if (const Status in = become_reader(env, options.spool, out->sources, output); !in.ok())
    return in;
  if (spool.dir.empty()) {
    const auto place = integration::find_spool(env, spool);
    if (!place.ok() || !env.stat(place->dir).ok()) {
      if (!out->sources.any()) return nothing_configured();
      return out;
    }
  }
  auto opened = open_spool(env, options.spool, SpoolUse::read_only);
  if (!opened.ok()) return opened.status();
  out->spool = std::move(*opened);
  out->accounts = std::make_unique<integration::SettingsLookup>(
      env, out->spool->place.home, out->spool->place.config_file, out->spool->place.ossec_conf);
  out->sources.queue = [self = out.get()] {
    return queue::queue_stats(self->spool->spool.env(), self->spool->spool, *self->accounts,
                              wall_now_ms());
  };
  return out;
}

void warn_of_failures(const metrics::Snapshot& snapshot) {
  for (const metrics::Scrape& one : snapshot.scrapes) {
    if (!one.status.ok()) warn(one.product + ": " + one.status.line());
  }
}

}  // namespace socbridge::socctl
