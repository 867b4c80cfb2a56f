// SPDX-License-Identifier: Apache-2.0
// What the answers to a job's requests mean for its alert.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "delivery/alert_delivery.h"
#include "grouping/alert_updates.h"
#include "integration/endpoint_override.h"
#include "thehive/answer.h"
#include "thehive/sanitize.h"

namespace socbridge::delivery {
namespace {

using thehive::Verdict;

constexpr int kBadRequest = 400, kUnauthorized = 401, kPaymentRequired = 402, kForbidden = 403,
              kNotFound = 404, kConflict = 409;

int status_of(const http::Outcome& outcome) {
  return outcome.answered() ? outcome.response.status : 0;
}

bool is_key_status(int status) {
  return status == kUnauthorized || status == kPaymentRequired || status == kForbidden;
}

// An answer that cannot come from TheHive, or the connection was cut under the request: perhaps
// something in between that does not like the content.
bool may_be_content(const thehive::Delivery& delivery) {
  if (delivery.verdict == Verdict::created || delivery.verdict == Verdict::too_large) return false;
  return delivery.foreign || (delivery.http_status == 0 && delivery.ambiguous);
}

// Of an answer that is not TheHive's: this request will not pass, however often it is sent.
bool is_refusal(const thehive::Delivery& delivery) {
  constexpr int kTimeout = 408, kTooEarly = 425, kTooMany = 429, kServerError = 500;
  const int status = delivery.http_status;
  return delivery.foreign && status < kServerError && status != kTimeout && status != kTooEarly &&
         status != kTooMany;
}

}  // namespace

void Job::version_answered(const http::Outcome& outcome) {
  const auto answer = question_.answered(outcome);
  if (!answer) return;
  if (answer->ok()) learned_ = **answer;
  if (version_asked_) {
    settle_version();
    return;
  }
  if (answer->ok()) {
    version_ = learned_->api;
    prepare_create();
    return;
  }
  attempt_.delivery = {};
  attempt_.delivery.http_status = status_of(outcome);
  attempt_.delivery.retry_after_ms = outcome.response.retry_after_ms;
  attempt_.delivery.message = answer->status().line();
  step_ = Step::finished;
}

// An answer does not fit the API that was used. True: the server is asked which version it is.
bool Job::ask_about_version(thehive::ApiVersion used) {
  if (learned_ || version_asked_ || version_ != used) return false;
  version_asked_ = true;
  step_ = Step::ask_version;
  return true;
}

// The server has said, or not said, which version it is. What was created without its observables
// gets them; what had no route is sent to the other one.
void Job::settle_version() {
  step_ = Step::finished;
  if (!learned_ || learned_->api == version_) return;
  if (settings_->thehive_version != "auto") {
    attempt_.remark = other_version(*settings_, *learned_);
  }
  version_ = learned_->api;
  remembered_ = true;
  if (attempt_.delivery.verdict != Verdict::created) {
    prepare_create();
    return;
  }
  const thehive::Alert sent = thehive::clean(without(alert_, attempt_.left_out, {}), *version_);
  follow_ups_ =
      grouping::observable_requests(attempt_.delivery.alert_id, {}, sent.observables, *version_);
  std::reverse(follow_ups_.begin(), follow_ups_.end());
  if (!follow_ups_.empty()) step_ = Step::follow_up;
}

void Job::found(const json::Value& there) {
  attempt_.looked_up = true;
  attempt_.delivery.verdict = Verdict::duplicate;
  attempt_.delivery.alert_id = std::string(there["_id"].string().value_or(""));
  attempt_.delivery.message = "the alert is there already";
  if (shared_) begin_follow_ups(there);
}

void Job::look_up_answered(const http::Outcome& outcome) {
  const auto answer = thehive::read_found(key_, outcome);
  const bool claimed = std::exchange(claimed_, false);
  if (answer.ok() && answer->root().missing()) {
    ask_ = false;
    if (!claimed) {
      step_ = Step::create;
      return;
    }
    // TheHive's own sentence about this very alert: it will be found later. Any other is a refusal.
    const std::string sentence = "alert " + thehive::clean_type(alert_.type) + ":" +
                                 thehive::clean_source(alert_.source) + ":" +
                                 thehive::clean_source_ref(alert_.source_ref) + " already exist";
    if (attempt_.delivery.about.starts_with(ascii_lower(sentence))) {
      attempt_.delivery.verdict = Verdict::retry;
      attempt_.delivery.ambiguous = true;
      attempt_.alone = true;
      attempt_.delivery.message += "; but TheHive does not find it";
      step_ = Step::finished;
      return;
    }
    attempt_.delivery.verdict = Verdict::refused;
    refused();
    return;
  }
  attempt_.delivery = {};
  attempt_.delivery.http_status = status_of(outcome);
  step_ = Step::finished;
  if (answer.ok() && answer->root().is_object()) {
    found(answer->root());
    return;
  }
  attempt_.delivery.ambiguous = true;  // as unknown as before
  attempt_.delivery.retry_after_ms = outcome.response.retry_after_ms;
  attempt_.delivery.message =
      answer.ok() ? "looking for the alert: not an answer of TheHive" : answer.status().message();
  if (!outcome.answered()) return;
  const thehive::ErrorBody error = thehive::read_error(outcome.response);
  attempt_.delivery.foreign = !error.from_thehive && !outcome.response.is_json();
  if (is_key_status(outcome.response.status)) {
    if (error.from_thehive) attempt_.delivery.verdict = Verdict::auth;
    ask_about_key();
  } else if (attempt_.delivery.foreign) {
    ask_about_key();
  }
}

void Job::begin_follow_ups(json::Value there) {
  follow_ups_ = shared_->update(there, *version_);
  std::reverse(follow_ups_.begin(), follow_ups_.end());
  if (!follow_ups_.empty()) step_ = Step::follow_up;
}

void Job::follow_up_answered(const http::Outcome& outcome) {
  grouping::FollowUp& done = follow_ups_.back();
  const int status = status_of(outcome);
  const thehive::ErrorBody error = thehive::read_error(outcome.response);
  const bool good = status >= 200 && status < 300;
  const bool there = done.observables && (status == kBadRequest || status == kConflict) &&
                     error.from_thehive &&
                     thehive::own_words(error.message).find("already exist") != std::string::npos;
  const bool refused = done.observables && error.from_thehive && !thehive::is_no_route(error) &&
                       (status == kBadRequest || status == kNotFound);
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
  const std::string alert_id = attempt_.delivery.alert_id;
  attempt_.delivery = thehive::classify_create(outcome, done.body);
  thehive::Delivery& delivery = attempt_.delivery;
  delivery.alert_id = alert_id;
  delivery.message = "bringing the alert up to date: " + delivery.message;
  const bool final = delivery.verdict == Verdict::refused && status == kBadRequest;
  const bool keep = final || delivery.verdict == Verdict::auth || may_be_content(delivery);
  if (!keep) delivery.verdict = Verdict::retry;
  attempt_.last_word = final;
  step_ = Step::finished;
  if (delivery.verdict == Verdict::auth || may_be_content(delivery)) ask_about_key();
}

void Job::created() {
  // Whatever was in it, the observables are missing.
  if (attempt_.delivery.by_version4) ask_about_version(thehive::ApiVersion::v5);
}

void Job::create_answered(const http::Outcome& outcome) {
  attempt_.delivery = thehive::classify_create(outcome, body_);
  step_ = Step::finished;
  thehive::Delivery& delivery = attempt_.delivery;
  if (delivery.verdict == Verdict::created) {
    created();
    return;
  }
  if (delivery.verdict == Verdict::duplicate) {
    claimed_ = true;
    step_ = Step::look_up;
    return;
  }
  const bool no_route = delivery.http_status == kNotFound && delivery.wrong_place;
  if (no_route) {
    delivery.message += "; TheHive answers, but has no API below " +
                        printable(settings_->endpoint.url) + ": check the URL's path prefix";
    if (ask_about_version(thehive::ApiVersion::v4)) return;
  }
  // No such route: the server is perhaps another version than it was.
  doubted_ = remembered_ && delivery.http_status == kNotFound;
  if (delivery.verdict == Verdict::auth || may_be_content(delivery)) {
    ask_about_key();
    return;
  }
  refused();
}

// Once more with less, if it was refused for what it holds.
void Job::refused() {
  const thehive::Delivery& delivery = attempt_.delivery;
  step_ = Step::finished;
  const bool refused =
      delivery.verdict == Verdict::refused || delivery.verdict == Verdict::too_large;
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

void Job::ask_about_key() { step_ = Step::ask_key; }

void Job::key_answered(const http::Outcome& outcome) {
  const Status key = thehive::read_key(outcome, settings_->endpoint.organisation);
  step_ = Step::finished;
  thehive::Delivery& delivery = attempt_.delivery;
  if (key.ok()) {
    key_is_well();
  } else if (key.code() == ExitCode::auth) {
    if (delivery.verdict != Verdict::auth) delivery.message = key.message();
    delivery.verdict = Verdict::auth;
    delivery.wrong_place = false;
  } else {
    key_not_asked(key.message());
  }
}

void Job::key_is_well() {
  thehive::Delivery& delivery = attempt_.delivery;
  if (delivery.verdict == Verdict::auth && delivery.licence) return;
  attempt_.alone = true;
  delivery.wrong_place = false;
  if (is_refusal(delivery)) {
    delivery.verdict = Verdict::blocked;
    delivery.message +=
        "; TheHive itself takes the key, so a proxy or firewall before it refuses "
        "this alert";
    const thehive::Alert sent = without(alert_, attempt_.left_out, {});
    attempt_.could_leave_out = leave_out(sent, delivery, attempt_.left_out).value_or(Parts());
    return;
  }
  if (delivery.verdict == Verdict::auth) {
    delivery.message += "; yet TheHive takes the key: it is this request that is refused";
  }
  delivery.verdict = Verdict::retry;
}

// Nothing is known of the key: neither is it refused nor is it this alert's fault.
void Job::key_not_asked(const std::string& why) {
  thehive::Delivery& delivery = attempt_.delivery;
  step_ = Step::finished;
  if (delivery.http_status == kNotFound && delivery.foreign) {
    delivery.wrong_place = true;
    delivery.message += "; there is no TheHive at " + printable(settings_->endpoint.url) +
                        ": check the URL and its path prefix";
  }
  if (delivery.wrong_place) return;
  if (delivery.http_status != 0) delivery.message += "; " + why;
  delivery.verdict = Verdict::retry;
}

}  // namespace socbridge::delivery
