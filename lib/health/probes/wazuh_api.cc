// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "health/probes/wazuh.h"
#include "health/text_list.h"
#include "wazuh/api_client.h"

namespace socbridge::health {
namespace {

// Daemons without which no alert is created or forwarded; others run only if configured.
constexpr std::array<std::string_view, 5> kNeeded = {"wazuh-analysisd", "wazuh-remoted", "wazuh-db",
                                                     "wazuh-execd", "wazuh-monitord"};
constexpr std::string_view kIntegrator = "wazuh-integratord";

void check_daemons(Probe& probe, wazuh::ApiClient& client) {
  const auto daemons = client.daemons(probe.deadline());
  if (!daemons.ok()) {
    probe.fail("daemons", daemons.status(), State::unknown);
    return;
  }
  TextList stopped;
  bool has_integrator = false;
  for (const wazuh::Daemon& daemon : *daemons) {
    const bool running = daemon.status == "running";
    if (daemon.name == kIntegrator) {
      has_integrator = running;
    } else if (!running &&
               std::find(kNeeded.begin(), kNeeded.end(), daemon.name) != kNeeded.end()) {
      stopped.add(daemon.name + " " + daemon.status);
    }
  }
  if (daemons->empty()) {
    probe.add("daemons", State::unknown, Cause::refused, "the API lists no daemons");
    return;
  }
  if (stopped.count() > 0) {
    probe.add("daemons", State::down, Cause::reported_error, stopped.text(),
              "run wazuh-control status on the manager and read logs/ossec.log");
  } else {
    probe.ok("daemons", "all needed ones run");
  }
  if (has_integrator) {
    probe.ok("integratord", "runs");
  } else {
    probe.add("integratord", State::down, Cause::reported_error,
              "wazuh-integratord does not run: no alert is forwarded",
              "read logs/ossec.log on the manager; it does not start without an integration block");
  }
}

}  // namespace

void check_api(Probe& probe) {
  if (!probe.has_endpoint()) {
    probe.skip("api", "the manager's API is not configured",
               "set SOCCTL_WAZUH_URL, SOCCTL_WAZUH_USER and SOCCTL_WAZUH_KEY_FILE");
    return;
  }
  const profile::Endpoint& at = probe.endpoint();
  wazuh::ApiClient client(probe.http(), {wazuh::kApiErrors, at.url, at.user, at.key});
  const Status in = client.log_in(probe.deadline());
  if (!in.ok()) {
    probe.fail("api", in);
    return;
  }
  probe.ok("api", "logged in as " + at.user);
  probe.answered(client.first_ms());
  const auto version = client.version(probe.deadline());
  if (!version.ok()) {
    probe.fail("api version", version.status(), State::unknown);
    return;
  }
  probe.version(*version);
  if (version->starts_with("3.")) {
    probe.add("api version", State::degraded, Cause::version,
              "version " + *version + " is not supported", "use Wazuh 4.2 or later");
  }
  check_daemons(probe, client);
}

}  // namespace socbridge::health
