// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/time.h"
#include "health/report.h"
#include "health/thresholds.h"
#include "http/client.h"
#include "http/service.h"
#include "opensearch/connection.h"
#include "opensearch/patterns.h"
#include "profile/profile.h"

namespace socbridge::health {

// Options of all probes of a run.
struct Options {
  std::int64_t timeout_ms = 10000;  // for all checks
  Thresholds thresholds;
  std::string wazuh_home = "/var/ossec";
  std::string ossec_conf;             // empty: HOME/etc/ossec.conf
  std::vector<std::string> required;  // components and presets that must be configured
  opensearch::Patterns indices;
  profile::Flags flags;  // config_file and ossec_conf for profile::find; the rest stays empty
  profile::SystemPaths system;
};

struct ProbeName {
  std::string component;  // `thehive`, as in `socctl health thehive`
  std::string title;      // for people
};

// Context of one probe. A probe checks one component, changes nothing and writes its findings into
// its report. It runs in its own thread and shares nothing with other probes.
class Probe {
 public:
  Probe(Env& env, const Options& options, std::optional<profile::Endpoint> endpoint,
        const ProbeName& name, Deadline deadline);
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  Env& env() { return env_; }
  const Options& options() const { return options_; }
  bool has_endpoint() const { return endpoint_.has_value(); }
  const profile::Endpoint& endpoint() const { return *endpoint_; }
  const Deadline& deadline() const { return deadline_; }
  UnixMillis now_ms() const { return now_ms_; }

  // This probe's own client, with the endpoint's CA file.
  http::Client& http();
  http::ClientOptions http_options() const;
  // A JSON service at the endpoint.
  http::Service service(const http::ProductErrors& product);
  // The cluster at the endpoint, with all of its nodes.
  opensearch::Connection cluster();

  void ok(std::string name, std::string detail);
  // A second finding with the same name is merged: the worse state, both details. Every finding
  // that is not ok has a next step, by default that of its cause.
  void add(std::string name, State state, Cause cause, std::string detail, std::string next = {});
  // A failed check: down, or at most `at_worst`. A refused key is auth in any state.
  void fail(std::string name, const Status& status, State at_worst = State::down);
  void skip(std::string name, std::string detail, std::string next = {});
  // Compares `value` with the threshold of `limit.component` and `limit.check` and stores it for
  // the check `name`. Call it before adding the finding.
  struct Limit {
    std::string_view component, check;
  };
  State evaluate(const std::string& name, const Limit& limit, std::int64_t value);
  // On the first answer: stores the latency and adds the check "answer", ok or slow.
  void answered(std::int64_t latency_ms);
  void version(std::string_view text);

  Report& report() { return report_; }

 private:
  Env& env_;
  Options options_;
  std::optional<profile::Endpoint> endpoint_;
  Deadline deadline_;
  UnixMillis now_ms_ = wall_now_ms();
  std::unique_ptr<http::Client> http_;
  Report report_;
  std::vector<std::pair<std::string, Threshold>> evaluated_;  // by name of the check
};

// "3 minutes", "2 days": a duration for people, in the largest unit with a value of at least 2.
std::string human_duration(std::int64_t ms);

}  // namespace socbridge::health
