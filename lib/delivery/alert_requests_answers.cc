// SPDX-License-Identifier: Apache-2.0
// How the answers to an alert's requests are evaluated.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "delivery/alert_requests.h"
#include "delivery/answer_scope.h"
#include "grouping/alert_updates.h"
#include "integration/endpoint_override.h"
#include "thehive/answer.h"
#include "thehive/promotion.h"
#include "thehive/sanitize.h"

namespace socbridge::delivery {
namespace {

using thehive::Verdict;
using Kind = Outcome::Kind;

constexpr int kBadRequest = 400, kUnauthorized = 401, kPaymentRequired = 402, kForbidden = 403,
              kNotFound = 404, kConflict = 409;

bool is_key_status(int status) {
  return status == kUnauthorized || status == kPaymentRequired || status == kForbidden;
}

}  // namespace

void AlertRequests::version_answered(const http::Outcome& outcome) {
  const auto answer = version_.question.answered(outcome);
  if (!answer) return;
  if (answer->ok()) version_.learned = **answer;
  if (version_.checked) {
    version_checked();
    return;
  }
  if (answer->ok()) {
    version_.used = version_.learned->api;
    prepare_create();
    return;
  }
  answer_ = {};
  answer_.http_status = status_of(outcome);
  answer_.retry_after_ms = outcome.response.retry_after_ms;
  answer_.message = answer->status().line();
  end(Kind::failed);
}

// An answer does not fit the API version that was used. True: the version is queried next.
bool AlertRequests::check_version(thehive::ApiVersion used) {
  if (version_.learned || version_.checked || version_.used != used) return false;
  version_.checked = true;
  step_ = Step::ask_version;
  return true;
}

// An alert that was created without its observables gets them; a request that met no route is sent
// to the other version's route.
void AlertRequests::version_checked() {
  const bool created = answer_.verdict == Verdict::created;
  if (!version_.learned || version_.learned->api == version_.used) {
    if (created) {
      arrived(Kind::created);
    } else {
      end(Kind::wrong_url);
    }
    return;
  }
  if (settings_->thehive_version != "auto") {
    outcome_.remark = other_version(*settings_, *version_.learned);
  }
  version_.used = version_.learned->api;
  version_.from_server = true;
  if (!created) {
    prepare_create();
    return;
  }
  const thehive::Alert sent =
      thehive::clean(without(payload_.mapped, outcome_.left_out, {}), *version_.used);
  begin_updates(
      grouping::observable_requests(answer_.alert_id, {}, sent.observables, *version_.used),
      Kind::created);
}

void AlertRequests::search_answered(const http::Outcome& outcome) {
  const auto answer = thehive::read_found("alert " + key_, outcome);
  if (promoting_.begun) {
    reread_after_refusal(answer, outcome);
    return;
  }
  if (answer.ok() && answer->root().missing()) {
    if (std::exchange(search_, Search::none) == Search::claimed) {
      claim_not_found();
    } else {
      step_ = Step::create;
    }
    return;
  }
  if (search_ == Search::claimed) search_ = Search::none;
  answer_ = {};
  answer_.http_status = status_of(outcome);
  if (answer.ok() && answer->root().is_object()) {
    search_ = Search::none;
    found_alert(answer->root());
    return;
  }
  search_failed(outcome, answer.ok() ? "searching for the alert: not an answer of TheHive"
                                     : answer.status().message());
}

// The server reported that the alert exists, but the search does not find it. If the report was
// TheHive's own sentence about this alert, a later search will find it; otherwise it is a refusal.
void AlertRequests::claim_not_found() {
  const thehive::Alert& alert = payload_.mapped;
  const std::string sentence = "alert " + thehive::clean_type(alert.type) + ":" +
                               thehive::clean_source(alert.source) + ":" +
                               thehive::clean_source_ref(alert.source_ref) + " already exist";
  if (!answer_.about.starts_with(ascii_lower(sentence))) {
    answer_.verdict = Verdict::refused;
    refused();
    return;
  }
  answer_.ambiguous = true;
  answer_.message += "; but TheHive does not find it";
  end(Kind::alert_failed);
}

void AlertRequests::found_alert(const json::Value& there) {
  in_thehive_.found = true;
  in_thehive_.found_created_ms = there["_createdAt"].integer().value_or(0);
  answer_.verdict = Verdict::duplicate;
  answer_.alert_id = there["_id"].string_text();
  answer_.message = "the alert already exists";
  promoting_.decided = thehive::is_decided(there);
  std::vector<grouping::AlertUpdate> updates;
  if (grouped_.alert) updates = grouped_.alert->update(there, *version_.used);
  begin_updates(std::move(updates), Kind::duplicate);
}

// It stays unknown whether the alert exists.
void AlertRequests::search_failed(const http::Outcome& outcome, std::string message) {
  answer_.ambiguous = true;
  answer_.retry_after_ms = outcome.response.retry_after_ms;
  answer_.message = std::move(message);
  if (!outcome.answered()) {
    end(Kind::failed);
    return;
  }
  const thehive::ErrorBody error = thehive::read_error(outcome.response);
  answer_.foreign = !error.is_own && !outcome.response.is_json();
  const bool key_status = is_key_status(outcome.response.status);
  if (key_status && error.is_own) answer_.verdict = Verdict::auth;
  if (key_status || answer_.foreign) {
    step_ = Step::check_key;
  } else {
    end(Kind::failed);
  }
}

void AlertRequests::begin_updates(std::vector<grouping::AlertUpdate> updates, Outcome::Kind then) {
  grouped_.updates = std::move(updates);
  std::reverse(grouped_.updates.begin(), grouped_.updates.end());
  grouped_.after_updates = then;
  if (grouped_.updates.empty()) {
    arrived(then);
  } else {
    step_ = Step::update;
  }
}

void AlertRequests::update_answered(const http::Outcome& outcome) {
  grouping::AlertUpdate& done = grouped_.updates.back();
  const int status = status_of(outcome);
  const thehive::ErrorBody error = thehive::read_error(outcome.response);
  const bool good = status >= 200 && status < 300;
  const bool there = done.observables && (status == kBadRequest || status == kConflict) &&
                     error.is_own &&
                     thehive::own_words(error.message).find("already exist") != std::string::npos;
  const bool refused = done.observables && error.is_own && !thehive::is_unknown_route(error) &&
                       (status == kBadRequest || status == kNotFound);
  if (refused && !there && !done.fallback.empty()) {
    done.body = std::exchange(done.fallback, {});
    return;
  }
  // An observable that is refused in any form is left out: the alert is more important.
  if (good || there || refused) {
    grouped_.updates.pop_back();
    if (grouped_.updates.empty()) arrived(grouped_.after_updates);
    return;
  }
  update_failed(outcome);
}

void AlertRequests::update_failed(const http::Outcome& outcome) {
  const std::string alert_id = answer_.alert_id;
  answer_ = thehive::classify_create(outcome, grouped_.updates.back().body);
  answer_.alert_id = alert_id;
  answer_.message = "updating the alert: " + answer_.message;
  if (needs_key_check(answer_)) {
    step_ = Step::check_key;
  } else if (answer_.verdict == Verdict::refused && status_of(outcome) == kBadRequest) {
    end(Kind::refused);
  } else {
    end(Kind::failed);
  }
}

void AlertRequests::create_answered(const http::Outcome& outcome) {
  answer_ = thehive::classify_create(outcome, payload_.body);
  if (answer_.verdict == Verdict::created) {
    in_thehive_.made = true;
    // The v1 API of version 4 ignores observables.
    if (!answer_.by_version4 || !check_version(thehive::ApiVersion::v5)) arrived(Kind::created);
    return;
  }
  if (answer_.verdict == Verdict::duplicate) {
    search_ = Search::claimed;
    step_ = Step::search;
    return;
  }
  if (answer_.http_status == kNotFound && answer_.wrong_place) {
    answer_.message += "; TheHive answers, but has no API below " +
                       printable(settings_->endpoint.url) + ": check the URL's path prefix";
    if (check_version(thehive::ApiVersion::v4)) return;
  }
  // The server's version may differ from the cached one.
  version_.in_doubt = version_.from_server && answer_.http_status == kNotFound;
  if (needs_key_check(answer_)) {
    step_ = Step::check_key;
    return;
  }
  refused();
}

// Retries with less content, if the content was the reason for the refusal.
void AlertRequests::refused() {
  if (answer_.wrong_place) {
    end(Kind::wrong_url);
    return;
  }
  if (answer_.verdict != Verdict::refused && answer_.verdict != Verdict::too_large) {
    end(Kind::failed);
    return;
  }
  const thehive::Alert sent = without(payload_.mapped, outcome_.left_out, {});
  auto parts = leave_out(sent, answer_, outcome_.left_out);
  if (!parts) {
    end(answer_.verdict == Verdict::refused ? Kind::refused : Kind::too_large);
    return;
  }
  payload_.refusal = redact(answer_.message, settings_->endpoint.key);
  outcome_.left_out = std::move(*parts);
  prepare_create();
}

void AlertRequests::key_answered(const http::Outcome& outcome) {
  const Status key = thehive::read_key(outcome, settings_->endpoint.organisation);
  if (key.ok()) {
    key_accepted();
  } else if (key.code() == ExitCode::auth) {
    if (answer_.verdict != Verdict::auth) answer_.message = key.message();
    end(Kind::key_refused);
  } else {
    key_unknown(key.message());
  }
}

void AlertRequests::key_accepted() {
  if (answer_.verdict == Verdict::auth && answer_.licence) {
    end(Kind::key_refused);
    return;
  }
  if (promoting_.begun) {
    promotion_blocked();
    return;
  }
  answer_.wrong_place = false;
  if (is_refusal(answer_)) {
    answer_.verdict = Verdict::blocked;
    answer_.message +=
        "; TheHive itself accepts the key, so a proxy or firewall before it refuses this alert";
    const thehive::Alert sent = without(payload_.mapped, outcome_.left_out, {});
    outcome_.could_leave_out = leave_out(sent, answer_, outcome_.left_out).value_or(Parts());
    end(Kind::blocked);
    return;
  }
  if (answer_.verdict == Verdict::auth) {
    answer_.message += "; TheHive accepts the key, so only this request is refused";
  } else if (!answer_.foreign) {
    answer_.message += "; TheHive answers other requests, so this alert may be the cause";
  }
  end(Kind::alert_failed);
}

// It is neither known that the key is refused, nor that only this alert is.
void AlertRequests::key_unknown(const std::string& why) {
  if (answer_.http_status == kNotFound && answer_.foreign) {
    answer_.wrong_place = true;
    answer_.message += "; there is no TheHive at " + printable(settings_->endpoint.url) +
                       ": check the URL and its path prefix";
  }
  if (answer_.wrong_place) {
    end(Kind::wrong_url);
    return;
  }
  if (answer_.http_status != 0) answer_.message += "; " + why;
  end(Kind::failed);
}

}  // namespace socbridge::delivery
