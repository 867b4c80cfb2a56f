// SPDX-License-Identifier: Apache-2.0
#include "health/canary_destinations.h"

#include <string>
#include <vector>

#include "base/text.h"
#include "health/canary_leftovers.h"
#include "http/client.h"
#include "integration/settings_lookup.h"
#include "thehive/client.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kEachMs = 10000, kPauseMs = 200;

// The id of the canary's alert; empty if it does not exist.
Result<std::string> find(thehive::Client& client, const CanarySource& source,
                         const Deadline& deadline) {
  bool looked = false;  // the last request may end with the time that is over
  while (true) {
    const auto found =
        client.find_alert(source.alert_type(), source.alert_source(), source.reference(), deadline);
    if (!found.ok() && looked && deadline.passed()) return std::string();
    if (!found.ok()) return found.status();
    if (!found->root().missing()) return found->root()["_id"].text();
    if (deadline.left_ms() < kPauseMs) return std::string();
    looked = true;
    sleep_ms(kPauseMs);
  }
}

void visit(Probe& probe, const CanarySource& source, const integration::Settings& settings,
           UnixMillis sweep_before_ms) {
  const std::string name = "destination " + settings.destination;
  const std::int64_t started = steady_now_ms();
  const Deadline deadline = Deadline::after_ms(kEachMs);
  http::Client http(settings.http);
  thehive::Client client(http, settings.endpoint);
  const delivery::Outcome sent = source.send_to(settings, http, deadline);
  if (!sent.arrived() && !sent.ambiguous) {
    const bool auth = sent.kind == delivery::Outcome::Kind::key_refused;
    probe.add(name, State::down, auth ? Cause::auth : Cause::unreachable, sent.message,
              "run socctl health thehive");
    return;
  }
  static_cast<void>(sweep_alerts(client, settings.mapping, sweep_before_ms, deadline));
  const auto id = find(client, source, deadline);
  if (!id.ok()) return probe.fail(name, id.status());
  if (id->empty()) {
    probe.add(name, State::down, Cause::missing,
              "it accepted the alert, but does not have it: " + sent.message,
              "check the organisation of the key");
    return;
  }
  if (const Status removed = client.remove_alert(*id, deadline); !removed.ok()) {
    probe.add(name, State::degraded, Cause::reported_error,
              "created and found, but alert " + printable(*id, 40) +
                  " is still there: " + removed.message(),
              "delete it by hand; the key needs manageAlert/delete for it");
    return;
  }
  probe.ok(name, printable(settings.endpoint.url, 100) + ": created, found and deleted in " +
                     std::to_string(steady_now_ms() - started) + " ms");
}

}  // namespace

void visit_destinations(Probe& probe, Env& env, const CanarySource& source,
                        UnixMillis sweep_before_ms, const std::function<bool()>& stop) {
  integration::SettingsLookup lookup(env, probe.options().wazuh_home, {},
                                     probe.options().ossec_conf);
  if (source.reference().empty() || !lookup.has_destinations()) return;
  const std::vector<integration::DestinationSettings> all = lookup.all();
  for (std::size_t i = 1; i < all.size(); ++i) {
    const integration::DestinationSettings& one = all[i];
    const std::string name = "destination " + one.settings.destination;
    if (stop && stop()) {
      probe.add(name, State::unknown, Cause::none, "interrupted", "run it again");
    } else if (!one.errors.empty()) {
      probe.add(name, State::down, Cause::configuration, one.errors.front().message(),
                one.errors.front().hint());
    } else {
      visit(probe, source, one.settings, sweep_before_ms);
    }
  }
}

}  // namespace socbridge::health
