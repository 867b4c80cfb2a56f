// SPDX-License-Identifier: Apache-2.0
#include "reconcile/thehive_destination.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "delivery/alert_delivery.h"
#include "delivery/in_flight_guard.h"
#include "grouping/grouped_alerts.h"
#include "json/writer.h"
#include "thehive/requests.h"
#include "thehive/sanitize.h"

namespace socbridge::reconcile {
namespace {

constexpr int kTries = 4;
constexpr std::int64_t kFirstPauseMs = 500;
constexpr std::int64_t kLongestPauseMs = 60000;
constexpr std::int64_t kQuestionMs = 30000;

void write_is(json::Writer& w, std::string_view field, std::string_view value) {
  w.begin_object();
  w.key("_is");
  w.begin_object();
  w.member("_field", field);
  w.member("_value", value);
  w.end_object();
  w.end_object();
}

std::string question(const mapping::Options& options, const std::vector<std::string>& refs) {
  json::Writer w;
  w.begin_array();
  w.raw(R"({"_name":"listAlert"})");
  w.begin_object();
  w.member("_name", "filter");
  w.key("_and");
  w.begin_array();
  write_is(w, "type", thehive::clean_type(options.type));
  write_is(w, "source", thehive::clean_source(options.source));
  w.begin_object();
  w.key("_in");
  w.begin_object();
  w.member("_field", "sourceRef");
  w.key("_values");
  w.begin_array();
  for (const std::string& ref : refs) w.value(thehive::clean_source_ref(ref));
  w.end_array();
  w.end_object();
  w.end_object();
  w.end_array();
  w.end_object();
  // A reference can be there more than once if the server's own check was raced.
  w.begin_object();
  w.member("_name", "page");
  w.member("from", 0);
  w.member("to", static_cast<std::uint64_t>(refs.size() * 2));
  w.end_object();
  w.end_array();
  return std::move(w).take();
}

}  // namespace

http::ClientOptions client_options(const integration::Settings& settings) {
  http::ClientOptions options = settings.http;
  options.max_response_bytes = std::size_t{256} << 20;
  return options;
}

TheHiveDestination::TheHiveDestination(Env& env, const integration::Settings& settings,
                                       http::Client& http, std::function<bool()> stop)
    : env_(env),
      settings_(settings),
      http_(http),
      client_(http, settings.endpoint),
      stop_(std::move(stop)) {
  const auto info = env.stat(settings.spool_dir + "/state");
  if (!info.ok() || !info->is_dir()) return;
  spool_dir_ = settings.spool_dir;
  entrance_.emplace(env, spool_dir_, http, settings);
}

// A question is asked whatever is known, once for a person who wants to see: the answer is news.
void TheHiveDestination::tell(const Status& question) {
  if (!entrance_) return;
  delivery::Attempt news;
  news.tried = true;
  news.delivery.message = question.message();
  switch (question.code()) {
    // Any answer to this key proves it; nothing was delivered.
    case ExitCode::ok: news.delivery.verdict = thehive::Verdict::refused; break;
    case ExitCode::auth: {
      // Only TheHive's own word, to a question that holds nothing but the key, closes the gate.
      http::Outcome asked = http_.perform(thehive::key_request(settings_.endpoint, kQuestionMs));
      thehive::hide_key(asked, settings_.endpoint.key);
      const Status key = thehive::read_key(asked, settings_.endpoint.organisation);
      if (key.code() != ExitCode::auth) return;
      news.delivery.verdict = thehive::Verdict::auth;
      break;
    }
    case ExitCode::unreachable: news.delivery.verdict = thehive::Verdict::retry; break;
    default: return;
  }
  static_cast<void>(entrance_->report(news));
}

// False if there is no further try.
bool TheHiveDestination::pause(int tries, std::int64_t retry_after_ms) {
  if (tries + 1 >= kTries) return false;
  const std::int64_t wish = std::max(retry_after_ms, kFirstPauseMs << tries);
  return wait(std::min(wish, kLongestPauseMs));
}

// False if it was cut short.
bool TheHiveDestination::wait(std::int64_t ms) {
  const Deadline until = Deadline::after_ms(ms);
  while (!until.passed()) {
    if (stop_ && stop_()) return false;
    constexpr std::int64_t kLook = 50;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(kLook, until.left_ms())));
  }
  return true;
}

Result<std::unordered_set<std::string>> TheHiveDestination::present(
    const std::vector<std::string>& source_refs) {
  const std::string operations = question(settings_.mapping, source_refs);
  const bool v4 = settings_.thehive_version == "4";
  const std::string_view exclude = v4 ? "" : R"(["description","customFields","tags"])";
  for (int tries = 0;; ++tries) {
    const auto answer =
        client_.query("socbridge-reconcile", operations, Deadline::after_ms(kQuestionMs), exclude);
    tell(answer.ok() ? Status() : answer.status());
    if (!answer.ok()) {
      if (answer.status().code() == ExitCode::unreachable && pause(tries, -1)) continue;
      return answer.status();
    }
    if (!answer->root().is_array()) {
      return Status::error(ExitCode::refused, "TheHive's answer to a query is no list",
                           "check that the URL is TheHive's own");
    }
    std::unordered_set<std::string> there;
    const json::Value list = answer->root();
    for (std::size_t i = 0; i < list.size(); ++i) {
      there.insert(list.at(i)["sourceRef"].scalar_text().value_or(""));
    }
    return there;
  }
}

Result<bool> TheHiveDestination::is_there(const std::string& source_ref) {
  const auto found = client_.find_alert(settings_.mapping.type, settings_.mapping.source,
                                        source_ref, Deadline::after_ms(kQuestionMs));
  if (!found.ok()) return found.status();
  return !found->root().missing();
}

delivery::Attempt TheHiveDestination::send_once(const wazuh::Alert& alert, bool ask_first) {
  const std::string state = spool_dir_.empty() ? std::string() : spool_dir_ + "/state";
  delivery::Job job(alert, settings_, {}, {}, grouping::shared_alerts(env_, state, settings_));
  std::optional<delivery::InFlightGuard> reservation;
  if (!spool_dir_.empty()) reservation.emplace(env_, spool_dir_, settings_, job, ask_first);
  if (!reservation && ask_first) job.ask_first();
  delivery::carry_out(job, reservation, http_, Deadline::after_ms(settings_.budget_ms),
                      "no answer within the time budget");
  if (delivery::arrived(job.attempt())) static_cast<void>(job.settled());
  return job.attempt();
}

delivery::Attempt TheHiveDestination::enter_and_send(const wazuh::Alert& alert, bool ask_first) {
  if (!entrance_) return send_once(alert, ask_first);
  const auto pass = entrance_->enter(Deadline::after_ms(settings_.budget_ms));
  if (!pass) {
    delivery::Attempt held;
    held.delivery.verdict =
        entrance_->key_is_refused() ? thehive::Verdict::auth : thehive::Verdict::retry;
    held.delivery.message = entrance_->why();
    held.not_before_ms = entrance_->until_ms();
    return held;
  }
  delivery::Attempt attempt = send_once(alert, ask_first);
  static_cast<void>(entrance_->report(attempt));
  return attempt;
}

delivery::Attempt TheHiveDestination::send(const wazuh::Alert& alert) {
  bool ask_first = false;
  for (int tries = 0;; ++tries) {
    delivery::Attempt attempt = enter_and_send(alert, ask_first);
    if (attempt.delivery.verdict != thehive::Verdict::retry) return attempt;
    std::int64_t rest = attempt.delivery.retry_after_ms;
    if (attempt.delivery.ambiguous) {
      ask_first = true;
      rest = std::max(rest, settings_.retry.settle_ms);
    }
    // Somebody else is at it, or was: their turn first.
    if (attempt.not_before_ms > 0) rest = std::max(rest, attempt.not_before_ms - wall_now_ms());
    if (!pause(tries, rest)) return attempt;
  }
}

}  // namespace socbridge::reconcile
