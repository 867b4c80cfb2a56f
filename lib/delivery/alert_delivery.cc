// SPDX-License-Identifier: Apache-2.0
#include "delivery/alert_delivery.h"

#include <algorithm>
#include <utility>

#include "mapping/mapping.h"

namespace socbridge::delivery {
namespace {

std::optional<thehive::ApiVersion> configured_version(const std::string& name) {
  if (name == "4") return thehive::ApiVersion::v4;
  if (name == "5") return thehive::ApiVersion::v5;
  return {};
}

}  // namespace

Job::Job(std::string_view raw_alert, const integration::Settings& settings, Parts left_out,
         std::optional<thehive::ApiVersion> version, const grouping::SharedAlerts& shared)
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

Job::Job(const wazuh::Alert& alert, const integration::Settings& settings, Parts left_out,
         std::optional<thehive::ApiVersion> version, const grouping::SharedAlerts& shared)
    : settings_(&settings), question_(settings.endpoint) {
  start(alert, std::move(left_out), version, shared);
}

void Job::start(const wazuh::Alert& alert, Parts left_out,
                std::optional<thehive::ApiVersion> version, const grouping::SharedAlerts& shared) {
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
  version_ = version ? version : configured_version(settings_->thehive_version);
  remembered_ = version.has_value();
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
  if (step_ == Step::ask_key) return thehive::key_request(settings_->endpoint, timeout_ms);
  if (step_ == Step::follow_up) {
    const grouping::FollowUp& next = follow_ups_.back();
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
    case Step::ask_key: key_answered(outcome); break;
    case Step::finished: break;
  }
  // A server or proxy may show the request it got.
  attempt_.delivery.message = redact(std::move(attempt_.delivery.message), settings_->endpoint.key);
}

void Job::give_up(std::string why, UnixMillis not_before_ms) {
  if (step_ == Step::ask_key) {
    key_not_asked(why);
    return;
  }
  attempt_.not_before_ms = not_before_ms;
  step_ = Step::finished;
  // An answer that is there says more.
  const bool refused_before = attempt_.delivery.verdict == thehive::Verdict::refused ||
                              attempt_.delivery.verdict == thehive::Verdict::too_large;
  if (refused_before) return;
  attempt_.delivery = {};
  attempt_.delivery.message = std::move(why);
}

}  // namespace socbridge::delivery
