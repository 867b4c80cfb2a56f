// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "base/text.h"
#include "health/probes/thehive_destinations.h"
#include "health/registry.h"
#include "health/text_list.h"
#include "thehive/client.h"
#include "thehive/requests.h"

namespace socbridge::health {
namespace {

// `manageAlert` of version 4 and 5.0 was split later; both names grant it
// (docs/protocols/thehive.md, "Users and permissions").
bool may(const std::vector<std::string>& held, const std::string& permission) {
  const std::string whole = permission.substr(0, permission.find('/'));
  return std::any_of(held.begin(), held.end(),
                     [&](const std::string& one) { return one == permission || one == whole; });
}

// Permissions that work on cases needs; comments have no permission of their own before version 5.
constexpr const char* kNeededPermissions[] = {"manageObservable",  "manageComment",
                                              "managePage",        "manageProcedure",
                                              "manageCase/create", "manageAnalyse"};

bool check_key(Probe& probe, thehive::Client& client, thehive::ApiVersion api) {
  const auto user = client.get("/api/v1/user/current", probe.deadline());
  if (!user.ok()) {
    probe.fail("key", user.status());
    return false;
  }
  const json::Value root = user->root();
  const std::string who = root["login"].text() + " of " + root["organisation"].text();
  if (!root["permissions"].is_array()) {
    probe.add("key", State::down, Cause::refused, "the answer to \"who am I\" is not TheHive's",
              "check the URL");
    return false;
  }
  if (root["locked"].boolean().value_or(false)) {
    probe.add("key", State::down, Cause::auth, who + " is locked", "unlock the user");
    return false;
  }
  if (const Status there = thehive::check_organisation(root, probe.endpoint().organisation);
      !there.ok()) {
    probe.add("key", State::down, Cause::auth, there.message(), there.hint());
    return false;
  }
  probe.ok("key", who);
  const std::vector<std::string> held = root["permissions"].texts();
  if (!may(held, "manageAlert/create")) {
    probe.add("permissions", State::down, Cause::auth,
              who + " may not create alerts (manageAlert/create)",
              "give its profile the permission manageAlert/create");
    return true;
  }
  TextList lacking;
  for (const char* needed : kNeededPermissions) {
    const bool exists =
        api == thehive::ApiVersion::v5 || std::string_view(needed) != "manageComment";
    if (exists && !may(held, needed)) lacking.add(needed);
  }
  probe.ok("permissions", lacking.count() == 0 ? "creates alerts and works on cases"
                                               : "creates alerts; without " + lacking.text());
  check_promotion(probe, root, api);
  return true;
}

void check_licence(Probe& probe, thehive::Client& client) {
  const auto answer = client.get("/api/v1/license/current", probe.deadline());
  if (!answer.ok()) {
    probe.fail("licence", answer.status(), State::unknown);
    return;
  }
  const json::Value root = answer->root();
  const json::Value licence = root["license"];
  const char* cure = "install a licence: without one TheHive becomes read-only";
  if (root["error"]) {
    probe.add("licence", State::degraded, Cause::reported_error,
              "not valid: " + root["error"].text(), cure);
  } else if (!licence.is_object()) {
    probe.add("licence", State::degraded, Cause::missing,
              "there is none; the platform may be read-only", cure);
  } else if (const auto until = licence["expiresAt"].integer(); !until) {
    probe.ok("licence", licence["plan"].text() + ", without end");
  } else if (*until <= probe.now_ms()) {
    probe.add("licence", State::down, Cause::reported_error,
              "expired on " + format_utc(*until).substr(0, 10) + ": the platform is read-only",
              cure);
  } else if (const State state =
                 probe.evaluate("licence", {"thehive", "licence"}, *until - probe.now_ms());
             state != State::ok) {
    probe.add("licence", state, Cause::reported_error,
              "expires in " + human_duration(*until - probe.now_ms()), "renew it in time");
  } else {
    probe.ok("licence", licence["plan"].text() + " until " + format_utc(*until).substr(0, 10));
  }
}

void check_connector(Probe& probe, thehive::Client& client, thehive::ApiVersion version) {
  constexpr const char* kName = "cortex connector";
  const auto answer = client.get(
      version == thehive::ApiVersion::v4 ? "/api/status" : "/api/v1/status", probe.deadline());
  if (!answer.ok()) {
    probe.fail(kName, answer.status(), State::unknown);
    return;
  }
  const json::Value cortex = answer->root()["connectors"]["cortex"];
  if (!cortex.is_object() || !cortex["enabled"].boolean().value_or(true)) {
    probe.skip(kName, "TheHive has no Cortex connected",
               "add it under Platform management, "
               "Connectors, Cortex");
    return;
  }
  TextList bad, good;
  const json::Value servers = cortex["servers"];
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const json::Value server = servers.at(i);
    const std::string status = server["status"].text();
    const std::string name = server["name"].text();
    if (status.empty() || status == "OK") {
      good.add(name + " " + server["version"].text());
    } else {
      bad.add(name + " " + status);
    }
  }
  const std::string status = cortex["status"].text();
  if (bad.count() == 0 && (status.empty() || status == "OK")) {
    probe.ok(kName, good.count() > 0 ? good.text() : "ok");
    return;
  }
  probe.add(kName, State::degraded, Cause::reported_error,
            "TheHive says " + (status.empty() ? "error" : status) +
                (bad.count() > 0 ? ": " + bad.text() : std::string()),
            "check Cortex and the key that TheHive uses for it (AUTH_ERROR: a wrong key)");
}

}  // namespace

namespace {

void probe_top(Probe& probe) {
  const profile::Endpoint& at = probe.endpoint();
  thehive::Client client(probe.http(), {at.url, at.key, at.organisation});
  const std::int64_t started = steady_now_ms();
  const auto version = client.probe_version(probe.deadline());
  if (!version.ok()) {
    const bool old = version.status().message().ends_with("is not supported");
    if (old) {
      probe.add("version", State::down, Cause::version, version.status().message(),
                version.status().hint());
    } else {
      probe.fail("answer", version.status());
    }
    return;
  }
  probe.answered(steady_now_ms() - started);
  probe.version(version->version);
  // These versions lose Cortex results (docs/protocols/thehive.md, "Version differences").
  if (version->version.starts_with("5.7.0") || version->version.starts_with("5.7.1")) {
    probe.add("version", State::degraded, Cause::version,
              "version " + version->version + " loses results of Cortex",
              "upgrade to 5.7.3 or later");
  }
  if (!check_key(probe, client, version->api)) return;
  if (version->api == thehive::ApiVersion::v5) check_licence(probe, client);
  check_connector(probe, client, version->api);
}

}  // namespace

void probe_thehive(Probe& probe) {
  if (probe.has_endpoint()) probe_top(probe);
  const std::size_t destinations = check_destinations(probe);
  if (probe.has_endpoint() || destinations > 0) return;
  const char* how =
      "set SOCCTL_THEHIVE_URL and SOCCTL_THEHIVE_KEY_FILE, or write it into "
      "~/.config/socctl/config.json";
  const std::vector<std::string>& required = probe.options().required;
  const bool is_required =
      std::any_of(required.begin(), required.end(), [](const std::string& name) {
        return name.find("thehive") != std::string::npos;  // also presets
      });
  if (is_required) {
    probe.add("configuration", State::unknown, Cause::configuration,
              "TheHive is required, but not configured", how);
  } else {
    probe.skip("configuration", "not configured", how);
  }
}

bool may_have_destinations(Env& env, const Options& options) {
  return env.stat(options.wazuh_home + "/etc/w2thive.json").ok();
}

}  // namespace socbridge::health
