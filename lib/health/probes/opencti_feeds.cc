// SPDX-License-Identifier: Apache-2.0
#include "context/connector_report.h"
#include "health/probes/opencti.h"

namespace socbridge::health {
namespace {

struct Evaluation {
  Cause cause;
  const char* next;
};

Evaluation evaluation_of(opencti::Health health) {
  switch (health) {
    case opencti::Health::ok: break;
    case opencti::Health::degraded:
      return {Cause::reported_error,
              "see its works under Data, Ingestion, Connectors, and its log"};
    case opencti::Health::stale:
      return {Cause::stale, "check its CronJob, its key, its quota and its last pod's log"};
    case opencti::Health::down: return {Cause::stale, "check its pod"};
    case opencti::Health::missing:
      return {Cause::missing, "deploy it: packaging/kubernetes/opencti"};
  }
  return {Cause::none, ""};
}

// One check for each connector with a schedule; others are not feeds.
void check_feed(Probe& probe, const context::ConnectorLine& line) {
  const std::string check = "feed " + line.expected_as;
  const opencti::Connector& feed = line.connector;
  if (line.verdict.health != opencti::Health::ok) {
    const Evaluation found = evaluation_of(line.verdict.health);
    const bool there = line.verdict.health != opencti::Health::missing;
    probe.add(check, State::degraded, found.cause,
              (there ? feed.name + ": " : std::string()) + line.verdict.reason, found.next);
  } else if (line.every == "always") {
    probe.ok(check, feed.name + " is active");
  } else {
    probe.ok(check, feed.name + " ran " + human_duration(probe.now_ms() - feed.last_run_ms) +
                        " ago, due every " + line.every);
  }
}

void check_workers(Probe& probe, const opencti::Connectors& found) {
  std::int64_t waiting = 0;
  for (const opencti::Connector& one : found.connectors) waiting += one.queued;
  const std::string wait = std::to_string(waiting) + " messages of connectors wait";
  if (found.workers == 0) {
    probe.add("workers", State::degraded, Cause::missing, "none: nothing is ingested, " + wait,
              "start the workers");
  } else if (found.workers < 0) {
    probe.add("workers", State::unknown, Cause::reported_error,
              "OpenCTI does not report its queues", "check RabbitMQ");
  } else {
    probe.ok("workers", std::to_string(found.workers) + ", " + wait);
  }
}

}  // namespace

void check_feeds(Probe& probe, opencti::Client& client) {
  const auto schedules =
      context::read_schedules(probe.env(), probe.options().flags, probe.options().system);
  if (!schedules.ok()) {
    probe.fail("feeds", schedules.status());
    return;
  }
  const auto found = opencti::list_connectors(client, probe.deadline());
  if (is_engine_down(found.status())) {
    report_engine(probe, found.status());
    return;
  }
  if (!found.ok()) {
    probe.fail("feeds", found.status(), State::unknown);
    return;
  }
  for (const auto& line : context::report(*found, *schedules, *schedules, probe.now_ms())) {
    if (line.counts) check_feed(probe, line);
  }
  check_workers(probe, *found);
}

}  // namespace socbridge::health
