#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "health/lists.h"
#include "health/registry.h"
#include "json/writer.h"

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

// Errors of GraphQL come with HTTP 200 (OpenCTI facts 1.3).
Status graphql_error(json::Value errors) {
  const json::Value first = errors.at(0);
  const std::string code = text_of(first["extensions"]["code"]);
  const std::string text = "OpenCTI: " + printable(text_of(first["message"]), 200) +
                           (code.empty() ? "" : " (" + printable(code, 60) + ")");
  if (code == "AUTH_REQUIRED" || code == "AUTH_FAILURE" || code.starts_with("OTP_REQUIRED")) {
    return Status::error(ExitCode::auth, text, "check the token");
  }
  if (code == "FORBIDDEN_ACCESS") {
    return Status::error(ExitCode::auth, text, "give the token's user the capability it lacks");
  }
  if (code == "DATABASE_ERROR" || code == "UNKNOWN_ERROR" || code == "LOCK_ERROR") {
    return Status::error(ExitCode::unreachable, text, "look at the log of the platform");
  }
  return Status::error(ExitCode::refused, text, "the query may not fit this version of OpenCTI");
}

Result<json::Document> ask(Probe& probe, http::Service& service, std::string_view query) {
  json::Writer w;
  w.begin_object();
  w.member("query", query);
  w.end_object();
  auto answer = service.post("/graphql", std::move(w).take(), probe.deadline());
  if (!answer.ok()) return answer;
  const json::Value root = answer->root();
  if (root["errors"].size() > 0) return graphql_error(root["errors"]);
  if (!root["data"].is_object()) {
    return Status::error(ExitCode::refused, "OpenCTI: the answer of /graphql has no data",
                         "check that the URL is that of OpenCTI");
  }
  return answer;
}

bool look_at_key(Probe& probe, http::Service& service) {
  const auto answer = ask(probe, service,
                          "query SocctlHealthMe { me { name capabilities { name } "
                          "draftContext { id name } } }");
  if (!answer.ok()) {
    probe.fail("key", answer.status());
    return false;
  }
  const json::Value me = answer->root()["data"]["me"];
  FewNames lacking;
  for (const char* wanted : {"KNOWLEDGE", "MODULES"}) {
    bool held = false;
    const json::Value list = me["capabilities"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string name = text_of(list.at(i)["name"]);
      // Held by part of the name: KNOWLEDGE_KNUPDATE is KNOWLEDGE too.
      held = held || name == "BYPASS" || name.find(wanted) != std::string::npos;
    }
    if (!held) lacking.add(wanted);
  }
  const std::string who = text_of(me["name"]);
  if (lacking.count() > 0) {
    probe.add("key", State::degraded, Cause::auth, who + " lacks " + lacking.text(),
              "give its group a role with these capabilities");
  } else {
    probe.ok("key", who);
  }
  if (me["draftContext"].is_object()) {
    probe.add("draft", State::degraded, Cause::configuration,
              who + " works inside the draft " + text_of(me["draftContext"]["name"]) +
                  ": nothing it writes is seen outside",
              "leave the draft in the profile of that user");
  }
  return true;
}

void look_at_dependencies(Probe& probe, http::Service& service) {
  const auto answer = ask(probe, service,
                          "query SocctlHealthAbout { about { dependencies { name version } } }");
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
      probe.add(check, State::degraded, Cause::stale,
                name + " has not been heard of for 5 minutes", "look at its pod");
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

void look_at_feeds(Probe& probe, http::Service& service) {
  // Never `config`: it has the broker's password.
  const auto answer =
      ask(probe, service,
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

void look_at_workers(Probe& probe, http::Service& service) {
  const auto answer =
      ask(probe, service,
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

void look_at_stream(Probe& probe, http::Service& service) {
  const auto answer =
      ask(probe, service,
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

// With or without a slash or `/graphql` at its end (OpenCTI facts 1.1).
std::string base_url(std::string url) {
  constexpr std::string_view kGraphql = "/graphql";
  if (url.ends_with(kGraphql)) url.resize(url.size() - kGraphql.size());
  return url;
}

}  // namespace

void probe_opencti(Probe& probe) {
  const profile::Endpoint& at = probe.endpoint();
  http::Service service(probe.http(), {probe.report().title, base_url(at.url), {}, at.key});
  const auto about = ask(probe, service, "query SocctlHealthVersion { about { version } }");
  if (!about.ok()) {
    probe.fail("answer", about.status());
    return;
  }
  probe.answered(service.first_ms());
  const std::string version = text_of(about->root()["data"]["about"]["version"]);
  probe.version(version);
  const auto major = parse_u64(version.substr(0, version.find('.')));
  if (major && *major < 6) {
    probe.add("version", State::degraded, Cause::version, "version " + version + " is too old",
              "use OpenCTI 6 or later");
  }
  if (!look_at_key(probe, service)) return;
  look_at_dependencies(probe, service);
  look_at_feeds(probe, service);
  look_at_workers(probe, service);
  look_at_stream(probe, service);
}

}  // namespace socbridge::health
