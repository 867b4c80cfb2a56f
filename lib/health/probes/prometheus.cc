// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "health/registry.h"
#include "health/text_list.h"
#include "prometheus/client.h"

namespace socbridge::health {
namespace {

void check_targets(Probe& probe, prometheus::Client& client) {
  const auto targets = client.targets(probe.deadline());
  if (!targets.ok()) {
    probe.fail("targets", targets.status(), State::unknown);
    return;
  }
  if (targets->empty()) {
    probe.add("targets", State::degraded, Cause::missing, "it scrapes nothing",
              "add scrape_configs for the parts of the SOC");
    return;
  }
  TextList down;
  std::string first_error;
  for (const prometheus::Target& target : *targets) {
    if (target.health != "down") continue;
    down.add(target.job + " " + target.instance);
    if (first_error.empty()) first_error = target.last_error;
  }
  const std::string all = std::to_string(targets->size());
  if (down.count() == 0) {
    probe.ok("targets", counted(targets->size(), "target", "targets") + ", none down");
    return;
  }
  probe.add("targets", State::degraded, Cause::reported_error,
            std::to_string(down.count()) + " of " + all + " targets down: " + down.text() +
                (first_error.empty() ? "" : " (" + printable(first_error, 120) + ")"),
            "see /targets; start what is down or fix scrape_configs");
}

void check_rules(Probe& probe, prometheus::Client& client) {
  const auto rules = client.rules(probe.deadline());
  if (!rules.ok()) {
    probe.fail("rules", rules.status(), State::unknown);
    return;
  }
  if (rules->empty()) {
    probe.add("rules", State::degraded, Cause::missing, "no rules are loaded",
              "add rule_files: without rules there are no notifications");
    return;
  }
  TextList failing;
  int firing = 0;
  for (const prometheus::Rule& rule : *rules) {
    if (rule.health == "err") failing.add(rule.name);
    if (rule.state == "firing") ++firing;
  }
  const std::string all = counted(rules->size(), "rule", "rules");
  if (failing.count() > 0) {
    probe.add("rules", State::degraded, Cause::reported_error,
              std::to_string(failing.count()) + " of " + all + " fail: " + failing.text(),
              "see /rules for the error of each");
    return;
  }
  probe.ok("rules", all + ", " + std::to_string(firing) + " firing");
}

}  // namespace

void probe_prometheus(Probe& probe) {
  prometheus::Client client(probe.service(prometheus::kErrors));
  if (const Status ready = client.ready(probe.deadline()); !ready.ok()) {
    probe.fail("answer", ready);
    return;
  }
  probe.answered(client.first_ms());
  const auto version = client.version(probe.deadline());
  if (!version.ok()) {
    probe.fail("version", version.status());
    return;
  }
  probe.version(*version);
  if (version->starts_with("0.") || version->starts_with("1.")) {
    probe.add("version", State::degraded, Cause::version, "version " + *version + " is too old",
              "use Prometheus 2 or later");
  }
  check_targets(probe, client);
  check_rules(probe, client);
}

}  // namespace socbridge::health
