// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "health/probes/opencti.h"
#include "health/text_list.h"
#include "opencti/stream/stream_check.h"

namespace socbridge::health {
namespace {

constexpr std::size_t kMaxChecked = 3;

struct LiveStream {
  std::string id, name;
  bool started = false;
};

Result<std::vector<LiveStream>> all_streams(Probe& probe, opencti::Client& client) {
  const auto answer = client.query("asking OpenCTI for its streams",
                                   "query SocctlHealthStream { streamCollections(first: 100) { "
                                   "edges { node { id name stream_live } } } }",
                                   {}, probe.deadline());
  if (!answer.ok()) return answer.status();
  const json::Value edges = answer->root()["data"]["streamCollections"]["edges"];
  std::vector<LiveStream> out;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const json::Value node = edges.at(i)["node"];
    out.push_back(
        {node["id"].text(), node["name"].text(), node["stream_live"].boolean().value_or(false)});
  }
  return out;
}

// The moment of an event; one of the future, which no platform has, is of now.
UnixMillis at_latest_now(std::uint64_t event_ms) {
  const UnixMillis now = std::max<UnixMillis>(wall_now_ms(), 0);
  return static_cast<UnixMillis>(std::min(event_ms, static_cast<std::uint64_t>(now)));
}

void evaluate(Probe& probe, const LiveStream& stream, const opencti::StreamCheck& seen) {
  const std::string name = stream.name + ": ";
  if (seen.connected_ms < 0) {
    const Status why =
        Status::error(seen.status.code(), name + seen.status.message(), seen.status.hint());
    probe.fail("stream", why, State::degraded);
    return;
  }
  if (!seen.last) {
    probe.add("stream", State::degraded, Cause::missing, name + "it has never had an event",
              "nothing is written to the platform: check the connectors and the workers");
    return;
  }
  const std::int64_t age = wall_now_ms() - at_latest_now(seen.last->ms);
  const std::string last = name + "last event " + human_duration(age) + " ago";
  // A quiet night is normal; the nightly feeds write at least once a day.
  const State quiet = probe.evaluate("stream", {"opencti", "stream"}, age);
  const Thresholds& limits = probe.options().thresholds;
  const State slow = limits.of("opencti", "answer").evaluate(seen.connected_ms);
  const State silent = limits.of("opencti", "stream heartbeat").evaluate(age);
  if (!seen.status.ok()) {
    probe.fail("stream",
               Status::error(seen.status.code(), last + ", then " + seen.status.message(),
                             seen.status.hint()),
               State::degraded);
  } else if (quiet != State::ok) {
    probe.add("stream", quiet, Cause::stale, last,
              "nothing is written to the platform: check the connectors and the workers");
  } else if (slow != State::ok) {
    probe.add("stream", slow, Cause::slow,
              name + "opened after " + std::to_string(seen.connected_ms) + " ms",
              "check the load of the platform and of Redis");
  } else if (seen.sign_ms < 0 && silent != State::ok) {
    const bool long_enough = seen.waited_ms >= opencti::StreamCheckLimits().beat_ms;
    if (!long_enough) {
      probe.ok("stream", last + "; no time left to wait for its heartbeat");
      return;
    }
    probe.add(
        "stream", silent, Cause::stale,
        last + ", and no heartbeat in " + human_duration(seen.waited_ms),
        "configure the proxy to pass /stream to OpenCTI without buffering; restart the platform");
  } else {
    probe.ok("stream", last + (seen.sign_ms < 0 ? "" : ", heartbeats received"));
  }
}

}  // namespace

void check_stream(Probe& probe, opencti::Client& client, const opencti::Account& me) {
  auto live = all_streams(probe, client);
  if (is_engine_down(live.status())) {
    report_engine(probe, live.status());
    return;
  }
  if (!live.ok()) {
    probe.fail("stream", live.status(), State::unknown);
    return;
  }
  // In that case the platform lists none, without an error.
  if (live->empty() && !me.can("TAXIIAPI")) {
    probe.add("stream", State::degraded, Cause::auth,
              me.name + " lacks TAXIIAPI: no stream is shown to it",
              "give its group a role with \"Access data sharing\"");
    return;
  }
  std::erase_if(*live, [](const LiveStream& one) { return !one.started; });
  if (live->empty()) {
    probe.add("stream", State::degraded, Cause::missing, "no live stream is started",
              "create or start one under Data, Data sharing, Live streams");
    return;
  }
  // Streams may be restricted to other users; one readable stream is enough.
  for (std::size_t i = 0; i < live->size(); ++i) {
    opencti::StreamCheckLimits limits;
    limits.at_most_ms = std::min<std::int64_t>(probe.deadline().left_ms(), limits.at_most_ms);
    const std::int64_t fresh =
        probe.options().thresholds.of("opencti", "stream heartbeat").degraded;
    if (fresh != Threshold::kNever) limits.fresh_ms = fresh;
    const auto seen =
        opencti::check_stream(probe.http_options(), client.endpoint(), (*live)[i].id, limits);
    const bool others = i + 1 < std::min(live->size(), kMaxChecked);
    if (others && seen.status.code() == ExitCode::auth) continue;
    evaluate(probe, (*live)[i], seen);
    return;
  }
}

}  // namespace socbridge::health
