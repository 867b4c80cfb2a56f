// SPDX-License-Identifier: Apache-2.0
#include "health/probe.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "profile/indexer.h"

namespace socbridge::health {
namespace {

constexpr std::size_t kDetailMax = 400;
constexpr std::size_t kNextMax = 16384;  // fits a command with a long path
constexpr std::size_t kVersionMax = 60;

// Default next steps.
const char* usual_cure(Cause cause) {
  switch (cause) {
    case Cause::unreachable: return "check that it runs, its URL and its certificate";
    case Cause::refused: return "check its URL: a proxy or another server may answer there";
    case Cause::auth: return "check the key and the permissions of its user";
    case Cause::configuration: return "fix the configuration";
    case Cause::version: return "upgrade it";
    case Cause::slow: return "check its load";
    case Cause::stale:
    case Cause::missing: return "check the process that writes it";
    case Cause::none:
    case Cause::reported_error: return "check its log";
  }
  return "";
}

}  // namespace

Probe::Probe(Env& env, const Options& options, std::optional<profile::Endpoint> endpoint,
             const ProbeName& name, Deadline deadline)
    : env_(env), options_(options), endpoint_(std::move(endpoint)), deadline_(deadline) {
  report_.component = name.component;
  report_.title = name.title;
  if (endpoint_) report_.url = endpoint_->url;
}

http::ClientOptions Probe::http_options() const {
  http::ClientOptions options;
  if (endpoint_) profile::set_way(*endpoint_, options);
  options.user_agent = std::string("socbridge/") + kVersion;
  return options;
}

http::Client& Probe::http() {
  if (!http_) http_ = std::make_unique<http::Client>(http_options());
  return *http_;
}

http::Service Probe::service(const http::ProductErrors& product) {
  return http::Service(http(), {product, endpoint_->url, endpoint_->user, endpoint_->key});
}

opensearch::Connection Probe::cluster() {
  opensearch::ConnectionOptions options = profile::connection_options(*endpoint_);
  options.request_ms = deadline_.left_ms();
  return {http(), std::move(options)};
}

void Probe::add(std::string name, State state, Cause cause, std::string detail, std::string next) {
  if (state > State::ok && next.empty()) next = usual_cure(cause);
  Check check{std::move(name), state, cause, printable(detail, kDetailMax),
              printable(next, kNextMax)};
  for (const auto& [name_of, threshold] : evaluated_) {
    if (name_of == check.name) check.threshold = threshold;
  }
  for (Check& known : report_.checks) {
    if (known.name != check.name) continue;
    if (!known.threshold) known.threshold = check.threshold;
    if (!check.threshold) check.threshold = known.threshold;
    if (known.state < check.state) std::swap(known, check);
    if (check.state > State::ok) known.detail += "; " + check.detail;
    return;
  }
  report_.checks.push_back(std::move(check));
}

void Probe::ok(std::string name, std::string detail) {
  add(std::move(name), State::ok, Cause::none, std::move(detail));
}

void Probe::fail(std::string name, const Status& status, State at_worst) {
  const Cause cause = cause_of(status);
  const State state = cause == Cause::configuration ? State::unknown : at_worst;
  add(std::move(name), state, cause, status.message(), status.hint());
}

void Probe::skip(std::string name, std::string detail, std::string next) {
  add(std::move(name), State::skipped, Cause::none, std::move(detail), std::move(next));
}

State Probe::evaluate(const std::string& name, const Limit& limit, std::int64_t value) {
  const Threshold& threshold = options_.thresholds.of(limit.component, limit.check);
  evaluated_.emplace_back(name, threshold);
  return threshold.evaluate(value);
}

void Probe::answered(std::int64_t latency_ms) {
  report_.latency_ms = latency_ms;
  const std::string_view component =
      report_.component == "indexer" ? std::string_view("opensearch") : report_.component;
  const State state = evaluate("answer", {component, "answer"}, latency_ms);
  if (state == State::ok) {
    ok("answer", "in " + std::to_string(latency_ms) + " ms");
    return;
  }
  const Threshold& passed = evaluated_.back().second;
  add("answer", state, Cause::slow,
      "answered after " + std::to_string(latency_ms) + " ms, more than " +
          std::to_string(state == State::down ? passed.down : passed.degraded) + " ms",
      "check its load, or allow more with --slow");
}

void Probe::version(std::string_view text) { report_.version = printable(text, kVersionMax); }

std::string human_duration(std::int64_t ms) {
  struct Unit {
    std::int64_t ms;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {
      {{86400000, "days"}, {3600000, "hours"}, {60000, "minutes"}, {1000, "seconds"}}};
  for (const Unit& unit : kUnits) {
    if (ms >= 2 * unit.ms) return std::to_string(ms / unit.ms) + " " + unit.name;
  }
  return std::to_string(ms < 0 ? 0 : ms) + " ms";
}

}  // namespace socbridge::health
