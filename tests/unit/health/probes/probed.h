// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "health/probe.h"
#include "support/route_server.h"

namespace socbridge::health::test {

inline constexpr const char* kKey = "k3y-of-the-probe";

// Options that read nothing of this machine.
inline Options nothing_here() {
  Options options;
  options.wazuh_home = "/nonexistent";
  options.system.system_config = "/nonexistent";
  options.system.wazuh_home = "/nonexistent";
  return options;
}

inline profile::Endpoint endpoint_at(const std::string& url) {
  profile::Endpoint endpoint;
  endpoint.url = url;
  endpoint.key = Secret(kKey);
  return endpoint;
}

// "degraded missing: detail" of a check, "ok: detail" of one without a cause, "" if there is none.
inline std::string said(const Report& report, std::string_view name) {
  for (const Check& check : report.checks) {
    if (check.name != name) continue;
    const std::string cause =
        check.cause == Cause::none ? "" : " " + std::string(cause_name(check.cause));
    return state_name(check.state) + cause + ": " + check.detail;
  }
  return {};
}

// What to do next about a check.
inline std::string next_of(const Report& report, std::string_view name) {
  for (const Check& check : report.checks) {
    if (check.name == name) return check.next;
  }
  return {};
}

// The probe of one component of which the server answers.
struct Probed {
  Probed(socbridge::test::RouteServer::Routes routes, const ProbeName& name,
         Options given = nothing_here())
      : server(std::move(routes)),
        options(std::move(given)),
        probe(Env::real(), options, endpoint_at(server.url()), name, Deadline::after_ms(20000)) {}
  std::string said(std::string_view check) { return test::said(probe.report(), check); }
  std::string next(std::string_view check) { return next_of(probe.report(), check); }

  socbridge::test::RouteServer server;
  Options options;
  Probe probe;
};

}  // namespace socbridge::health::test
