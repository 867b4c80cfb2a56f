// SPDX-License-Identifier: Apache-2.0
#include "health/probes/thehive_destinations.h"

#include <algorithm>

#include "base/text.h"
#include "integration/settings_lookup.h"
#include "mapping/options.h"
#include "thehive/client.h"
#include "thehive/promotion.h"
#include "thehive/requests.h"

namespace socbridge::health {
namespace {

bool may_create_alerts(json::Value user) {
  const json::Value held = user["permissions"];
  for (std::size_t i = 0; i < held.size(); ++i) {
    const std::string one = held.at(i).text();
    if (one == "manageAlert" || one == "manageAlert/create") return true;
  }
  return false;
}

std::string lacking_rights(const integration::Settings& settings, const json::Value& user,
                           thehive::ApiVersion version) {
  if (!mapping::may_promote(settings.mapping)) return {};
  return thehive::lacking_to_promote(user, version);
}

void add_lacking(Probe& probe, const std::string& check, const std::string& who,
                 const std::string& lacking) {
  probe.add(check, State::degraded, Cause::auth,
            who + " may not create cases of alerts, as \"promote\" requires (" + lacking + ")",
            "run socctl setup thehive --rights alerts --promote, or give its profile " + lacking);
}

void ask(Probe& probe, const std::string& name, const integration::Settings& settings,
         const Deadline& deadline) {
  http::Client http(settings.http);
  thehive::Client client(http, settings.endpoint);
  const auto version = client.probe_version(deadline);
  if (!version.ok()) {
    probe.fail(name, version.status());
    return;
  }
  const auto user = client.get("/api/v1/user/current", deadline);
  if (!user.ok()) {
    probe.fail(name, user.status());
    return;
  }
  const json::Value root = user->root();
  const std::string who = root["login"].text() + " of " + root["organisation"].text();
  if (const Status there = thehive::check_organisation(root, settings.endpoint.organisation);
      !there.ok()) {
    probe.add(name, State::down, Cause::auth, there.message(), there.hint());
  } else if (!may_create_alerts(root)) {
    probe.add(name, State::down, Cause::auth, who + " may not create alerts (manageAlert/create)",
              "give its profile the permission manageAlert/create");
  } else if (const std::string lacking = lacking_rights(settings, root, version->api);
             !lacking.empty()) {
    add_lacking(probe, name, who, lacking);
  } else {
    probe.ok(name, printable(settings.endpoint.url, 100) + " " + printable(version->version, 40) +
                       ", " + who + ", creates alerts");
  }
}

}  // namespace

void check_promotion(Probe& probe, const json::Value& user, thehive::ApiVersion version) {
  integration::SettingsLookup lookup(probe.env(), probe.options().wazuh_home, {},
                                     probe.options().ossec_conf);
  const std::vector<integration::DestinationSettings> all = lookup.all();
  if (all.empty()) return;
  const std::string lacking = lacking_rights(all.front().settings, user, version);
  if (lacking.empty()) return;
  add_lacking(probe, "promotion", user["login"].text() + " of " + user["organisation"].text(),
              lacking);
}

std::size_t check_destinations(Probe& probe) {
  integration::SettingsLookup lookup(probe.env(), probe.options().wazuh_home, {},
                                     probe.options().ossec_conf);
  if (!lookup.has_destinations()) return 0;
  const std::vector<integration::DestinationSettings> all = lookup.all();
  for (std::size_t i = 1; i < all.size(); ++i) {
    const integration::DestinationSettings& one = all[i];
    const std::string name = "destination " + one.settings.destination;
    if (!one.errors.empty()) {
      probe.add(name, State::down, Cause::configuration, one.errors.front().message(),
                one.errors.front().hint());
      continue;
    }
    const auto open = static_cast<std::int64_t>(all.size() - i);
    ask(probe, name, one.settings, Deadline::after_ms(probe.deadline().left_ms() / open));
  }
  return all.size() - 1;
}

}  // namespace socbridge::health
