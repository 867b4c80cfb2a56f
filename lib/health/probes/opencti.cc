#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "health/lists.h"
#include "health/registry.h"
#include "opencti/account.h"
#include "opencti/client.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kDayMs = 86400000;

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

// The feeds of the SOC. A connector that runs once a period does not ping in between, so OpenCTI
// says `active: false` of it nearly all day: its last run counts (OpenCTI facts 2.6).
struct Feed {
  std::string_view check, word;  // word: part of the connector's name, any case
  std::int64_t period_ms;        // 0: always on
};
constexpr std::array<Feed, 4> kFeeds = {{{"feed mitre", "mitre", 7 * kDayMs},
                                         {"feed alienvault", "alienvault", kDayMs},
                                         {"feed abuseipdb", "abuseipdb", kDayMs},
                                         {"feed virustotal", "virustotal", 0}}};

Result<json::Document> ask(Probe& probe, opencti::Client& client, std::string_view query) {
  return client.query("asking OpenCTI", query, {}, probe.deadline());
}

void judge_account(Probe& probe, const opencti::Account& me) {
  FewNames lacking;
  for (const char* wanted : {"KNOWLEDGE", "MODULES"}) {
    if (!me.can(wanted)) lacking.add(wanted);
  }
  if (lacking.count() > 0) {
    probe.add("key", State::degraded, Cause::auth, me.name + " lacks " + lacking.text(),
              "give its group a role with these capabilities");
  } else {
    probe.ok("key", me.name);
  }
  if (!me.draft.empty()) {
    probe.add("draft", State::degraded, Cause::configuration,
              me.name + " works inside the draft " + me.draft +
                  ": nothing it writes there is seen outside",
              "leave the draft in the profile of that user");
  }
}

void look_at_dependencies(Probe& probe, opencti::Client& client) {
  const auto answer =
      ask(probe, client, "query SocctlHealthAbout { about { dependencies { name version } } }");
  if (!answer.ok()) {
    probe.fail("dependencies", answer.status(),
               cause_of(answer.status()) == Cause::auth ? State::unknown : State::degraded);
    return;
  }
  const json::Value list = answer->root()["data"]["about"]["dependencies"];
  std::string all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all += (all.empty() ? "" : ", ") + text_of(list.at(i)["name"]) + " " +
           text_of(list.at(i)["version"]);
  }
  probe.ok("dependencies", all);
}

// From what the connector reported, or from its own state, which each writes in its own way.
std::optional<UnixMillis> last_run(json::Value connector) {
  constexpr std::int64_t kMs = 1000;
  if (const auto at = parse_timestamp(text_of(connector["connector_info"]["last_run_datetime"]))) {
    return at;
  }
  const auto state = json::Document::parse(text_of(connector["connector_state"]));
  if (!state.ok()) return {};
  const json::Value run = state->root()["last_run"];
  if (const auto seconds = run.number()) return static_cast<UnixMillis>(*seconds) * kMs;
  return parse_timestamp(text_of(run));
}

void judge_feed(Probe& probe, const Feed& feed, json::Value connector) {
  const std::string check(feed.check);
  const std::string name = text_of(connector["name"]);
  if (connector["connector_info"]["buffering"].boolean().value_or(false)) {
    probe.add(check, State::degraded, Cause::trouble,
              name + " pauses: its queue is over the threshold",
              "add workers, or look at why they are slow");
    return;
  }
  if (feed.period_ms == 0) {
    if (connector["active"].boolean().value_or(false)) {
      probe.ok(check, name + " is active");
    } else {
      probe.add(check, State::degraded, Cause::stale, name + " has not been heard of for 5 minutes",
                "look at its pod");
    }
    return;
  }
  const auto at = last_run(connector);
  if (!at) {
    probe.add(check, State::degraded, Cause::missing, name + " has never run",
              "look at its CronJob and at the log of its last pod");
    return;
  }
  const std::int64_t age = std::max<std::int64_t>(probe.now_ms() - *at, 0);
  const std::string detail = name + " ran " + human_duration(age) + " ago";
  if (age > 2 * feed.period_ms) {
    probe.add(check, State::degraded, Cause::stale,
              detail + ", more than twice its period of " + human_duration(feed.period_ms),
              "look at its CronJob, its key and its quota");
  } else {
    probe.ok(check, detail);
  }
}

void look_at_feeds(Probe& probe, opencti::Client& client) {
  // Never `config`: it has the broker's password.
  const auto answer = ask(probe, client,
                          "query SocctlHealthConnectors { connectors { name active connector_state "
                          "connector_info { last_run_datetime buffering } } }");
  if (!answer.ok()) {
    probe.fail("feeds", answer.status(), State::unknown);
    return;
  }
  const json::Value list = answer->root()["data"]["connectors"];
  for (const Feed& feed : kFeeds) {
    json::Value found;
    for (std::size_t i = 0; i < list.size() && found.missing(); ++i) {
      const std::string name = ascii_lower(text_of(list.at(i)["name"]));
      std::string letters;
      std::copy_if(name.begin(), name.end(), std::back_inserter(letters),
                   [](char c) { return c >= 'a' && c <= 'z'; });
      if (letters.find(feed.word) != std::string::npos) found = list.at(i);
    }
    if (found.missing()) {
      probe.add(std::string(feed.check), State::degraded, Cause::missing,
                "no connector is called so", "deploy it: packaging/kubernetes/opencti");
    } else {
      judge_feed(probe, feed, found);
    }
  }
}

void look_at_workers(Probe& probe, opencti::Client& client) {
  const auto answer =
      ask(probe, client,
          "query SocctlHealthQueues { rabbitMQMetrics { consumers overview { queue_totals "
          "{ messages } } } }");
  if (!answer.ok()) {
    probe.fail("workers", answer.status(), State::unknown);
    return;
  }
  const json::Value metrics = answer->root()["data"]["rabbitMQMetrics"];
  const std::string waiting = text_of(metrics["overview"]["queue_totals"]["messages"]);
  const std::string consumers = text_of(metrics["consumers"]);
  if (consumers.empty() || consumers == "0") {
    probe.add("workers", State::degraded, Cause::missing,
              "none: nothing is ingested, " + (waiting.empty() ? "0" : waiting) + " messages wait",
              "start the workers");
  } else {
    probe.ok("workers", consumers + ", " + (waiting.empty() ? "0" : waiting) + " messages wait");
  }
}

void look_at_stream(Probe& probe, opencti::Client& client) {
  const auto answer =
      ask(probe, client,
          "query SocctlHealthStream { streamCollections(first: 100) { edges { node { name "
          "stream_live } } } redisStreamInfo { lastEventDate streamSize } }");
  if (!answer.ok()) {
    probe.fail("stream", answer.status(), State::unknown);
    return;
  }
  const json::Value data = answer->root()["data"];
  const json::Value edges = data["streamCollections"]["edges"];
  FewNames live;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const json::Value node = edges.at(i)["node"];
    if (node["stream_live"].boolean().value_or(false)) live.add(text_of(node["name"]));
  }
  if (live.count() == 0) {
    probe.add("stream", State::degraded, Cause::missing, "no live stream is started",
              "create or start one under Data, Data sharing, Live streams");
    return;
  }
  const auto last = parse_timestamp(text_of(data["redisStreamInfo"]["lastEventDate"]));
  if (!last) {
    probe.add("stream", State::degraded, Cause::missing, "it has never had an event",
              "nothing is written to the platform: look at the connectors and the workers");
    return;
  }
  const std::int64_t age = std::max<std::int64_t>(probe.now_ms() - *last, 0);
  const std::string detail = live.text() + ", last event " + human_duration(age) + " ago";
  // Quiet for a night is well; the nightly feeds write at least once a day.
  if (age > 2 * kDayMs) {
    probe.add("stream", State::degraded, Cause::stale, detail,
              "nothing is written to the platform: look at the connectors and the workers");
  } else {
    probe.ok("stream", detail);
  }
}

}  // namespace

void probe_opencti(Probe& probe) {
  const profile::Endpoint& at = probe.endpoint();
  opencti::Client client(probe.http(), {at.url, at.key});
  const std::int64_t started = steady_now_ms();
  const auto me = opencti::whoami(client, probe.deadline());
  if (!me.ok()) {
    probe.fail("answer", me.status());
    return;
  }
  probe.answered(steady_now_ms() - started);
  probe.version(me->platform_version);
  const std::string& version = me->platform_version;
  const auto major = parse_u64(version.substr(0, version.find('.')));
  if (major && *major < 6) {
    probe.add("version", State::degraded, Cause::version, "version " + version + " is too old",
              "use OpenCTI 6 or later");
  }
  judge_account(probe, *me);
  look_at_dependencies(probe, client);
  look_at_feeds(probe, client);
  look_at_workers(probe, client);
  look_at_stream(probe, client);
}

}  // namespace socbridge::health
