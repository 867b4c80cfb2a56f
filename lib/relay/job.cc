#include "relay/job.h"

#include <algorithm>
#include <utility>

#include "mapping/mapping.h"

namespace socbridge::relay {
namespace {

constexpr int kNotFound = 404;

std::optional<thehive::ApiVersion> configured_version(const std::string& name) {
  if (name == "4") return thehive::ApiVersion::v4;
  if (name == "5") return thehive::ApiVersion::v5;
  return {};
}

}  // namespace

Job::Job(std::string_view raw_alert, const Settings& settings, Parts left_out,
         std::optional<thehive::ApiVersion> version, const SharedAlerts& shared)
    : settings_(&settings), question_(settings.endpoint) {
  const auto alert = wazuh::Alert::parse(raw_alert);
  if (alert.ok()) {
    start(*alert, std::move(left_out), version, shared);
    return;
  }
  attempt_.bad_input = true;
  attempt_.delivery.verdict = thehive::Verdict::refused;
  attempt_.delivery.message = alert.status().line();
}

Job::Job(const wazuh::Alert& alert, const Settings& settings, Parts left_out,
         std::optional<thehive::ApiVersion> version, const SharedAlerts& shared)
    : settings_(&settings), question_(settings.endpoint) {
  start(alert, std::move(left_out), version, shared);
}

void Job::start(const wazuh::Alert& alert, Parts left_out,
                std::optional<thehive::ApiVersion> version, const SharedAlerts& shared) {
  mapping::Mapped mapped = mapping::map(alert, settings_->mapping, wall_now_ms());
  if (!mapped.forwarded) {
    attempt_.filtered = true;
    attempt_.delivery.message = mapped.skip_reason;
    return;
  }
  alert_ = std::move(mapped.alert);
  if (shared) shared_ = shared(alert);
  if (shared_) {
    alert_ = shared_->opening(std::move(alert_));
    ask_ = true;
  }
  attempt_.source_ref = alert_.source_ref;
  attempt_.left_out = std::move(left_out);
  key_ = thehive::alert_key(alert_.type, alert_.source, alert_.source_ref);
  version_ = configured_version(settings_->thehive_version);
  if (!version_ && version) {
    version_ = version;
    remembered_ = true;
  }
  if (shared_ && shared_->not_before_ms() > wall_now_ms()) {
    give_up("the time it sums up is not over", shared_->not_before_ms());
    return;
  }
  step_ = Step::ask_version;
  if (version_) prepare_create();
}

void Job::prepare_create() {
  thehive::Alert sent = without(alert_, attempt_.left_out, servers_words_);
  bool small = false;
  for (const std::string& part : attempt_.left_out) small = small || part == "long_text";
  body_ = small ? thehive::create_body(sent, *version_, kSmallBody)
                : thehive::create_body(sent, *version_);
  step_ = ask_ ? Step::look_up : Step::create;
}

void Job::ask_first() {
  ask_ = true;
  if (step_ == Step::create) step_ = Step::look_up;
}

http::Request Job::request(std::int64_t timeout_ms) const {
  if (step_ == Step::ask_version) return question_.request(timeout_ms);
  if (step_ == Step::look_up) return thehive::find_request(settings_->endpoint, key_, timeout_ms);
  if (step_ == Step::follow_up) {
    const FollowUp& next = follow_ups_.back();
    http::Request request =
        thehive::make_request(settings_->endpoint, next.method, next.path, timeout_ms);
    request.body = next.body;
    request.content_type = "application/json";
    return request;
  }
  return thehive::create_request(settings_->endpoint, body_, *version_, timeout_ms);
}

void Job::answered(http::Outcome outcome) {
  thehive::hide_key(outcome, settings_->endpoint.key);
  attempt_.tried = true;
  switch (step_) {
    case Step::ask_version: version_answered(outcome); break;
    case Step::look_up: look_up_answered(outcome); break;
    case Step::create: create_answered(outcome); break;
    case Step::follow_up: follow_up_answered(outcome); break;
    case Step::finished: break;
  }
  // A server or proxy may show the request it got.
  attempt_.delivery.message = redact(std::move(attempt_.delivery.message), settings_->endpoint.key);
}

void Job::version_answered(const http::Outcome& outcome) {
  const auto answer = question_.answered(outcome);
  if (!answer) return;
  if (answer->ok()) {
    learned_ = **answer;
    version_ = learned_->api;
    prepare_create();
    return;
  }
  attempt_.delivery = {};
  attempt_.delivery.http_status = outcome.answered() ? outcome.response.status : 0;
  attempt_.delivery.retry_after_ms = outcome.response.retry_after_ms;
  attempt_.delivery.message = answer->status().message();
  step_ = Step::finished;
}

void Job::look_up_answered(const http::Outcome& outcome) {
  const auto found = thehive::read_found(key_, outcome);
  if (found.ok() && found->root().missing()) {
    ask_ = false;
    step_ = Step::create;
    return;
  }
  attempt_.delivery = {};
  attempt_.delivery.http_status = outcome.answered() ? outcome.response.status : 0;
  step_ = Step::finished;
  if (found.ok() && found->root().is_object()) {
    attempt_.looked_up = true;
    attempt_.delivery.verdict = thehive::Verdict::duplicate;
    const auto id = found->root()["_id"].string();
    attempt_.delivery.alert_id = std::string(id.value_or(""));
    attempt_.delivery.message = "the alert is there already";
    if (shared_) begin_follow_ups(found->root());
    return;
  }
  if (!found.ok() && found.status().code() == ExitCode::auth) {
    attempt_.delivery.verdict = thehive::Verdict::auth;
  }
  attempt_.delivery.ambiguous = true;  // as unknown as before
  attempt_.delivery.retry_after_ms = outcome.response.retry_after_ms;
  attempt_.delivery.message =
      found.ok() ? "looking for the alert: not an answer of TheHive" : found.status().message();
}

void Job::begin_follow_ups(json::Value there) {
  follow_ups_ = shared_->update(there, *version_);
  std::reverse(follow_ups_.begin(), follow_ups_.end());
  if (!follow_ups_.empty()) step_ = Step::follow_up;
}

void Job::follow_up_answered(const http::Outcome& outcome) {
  FollowUp& done = follow_ups_.back();
  const int status = outcome.answered() ? outcome.response.status : 0;
  constexpr int kBadRequest = 400;
  constexpr int kConflict = 409;
  const bool good = status >= 200 && status < 300;
  const bool there = done.observables && (status == kBadRequest || status == kConflict) &&
                     outcome.response.body.find("already exist") != std::string::npos;
  const bool refused = done.observables && (status == kBadRequest || status == kNotFound);
  if (refused && !there && !done.fallback.empty()) {
    done.body = std::exchange(done.fallback, {});
    return;
  }
  // An observable that is refused in any form is left out: the alert matters more.
  if (good || there || refused) {
    follow_ups_.pop_back();
    if (follow_ups_.empty()) step_ = Step::finished;
    return;
  }
  const Status why = thehive::failure_status("bringing the alert up to date", outcome);
  attempt_.delivery.http_status = status;
  attempt_.delivery.message = why.message();
  attempt_.delivery.retry_after_ms = outcome.response.retry_after_ms;
  attempt_.delivery.verdict = why.code() == ExitCode::auth ? thehive::Verdict::auth
                              : status == kBadRequest      ? thehive::Verdict::refused
                                                           : thehive::Verdict::retry;
  attempt_.last_word = attempt_.delivery.verdict == thehive::Verdict::refused;
  step_ = Step::finished;
}

void Job::create_answered(const http::Outcome& outcome) {
  attempt_.delivery = thehive::classify_create(outcome);
  step_ = Step::finished;
  const thehive::Delivery& delivery = attempt_.delivery;
  if (shared_ && delivery.verdict == thehive::Verdict::duplicate && !raced_) {
    raced_ = true;
    step_ = Step::look_up;
    return;
  }
  // No such route: the server is perhaps another version than it was.
  doubted_ = remembered_ && delivery.http_status == kNotFound;
  const bool refused = delivery.verdict == thehive::Verdict::refused ||
                       delivery.verdict == thehive::Verdict::too_large;
  if (!refused || delivery.wrong_place) return;
  const thehive::Alert sent = without(alert_, attempt_.left_out, {});
  auto parts = leave_out(sent, delivery, attempt_.left_out);
  if (!parts) {
    attempt_.last_word = true;
    return;
  }
  servers_words_ = redact(delivery.message, settings_->endpoint.key);
  attempt_.left_out = std::move(*parts);
  prepare_create();
}

void Job::give_up(std::string why, UnixMillis not_before_ms) {
  attempt_.not_before_ms = not_before_ms;
  step_ = Step::finished;
  // An answer that is there says more.
  const bool refused_before = attempt_.delivery.verdict == thehive::Verdict::refused ||
                              attempt_.delivery.verdict == thehive::Verdict::too_large;
  if (refused_before) return;
  attempt_.delivery = {};
  attempt_.delivery.message = std::move(why);
}

}  // namespace socbridge::relay
