// SPDX-License-Identifier: Apache-2.0
// The steps from an alert in TheHive to its case.
#include <utility>

#include "base/text.h"
#include "delivery/alert_requests.h"
#include "delivery/answer_scope.h"
#include "json/answer.h"
#include "thehive/answer.h"
#include "thehive/promotion.h"

namespace socbridge::delivery {
namespace {

using thehive::Verdict;
using Kind = Outcome::Kind;
using Promotion = Outcome::Promotion;

constexpr int kBadRequest = 400, kNotFound = 404;

}  // namespace

// The alert itself is complete in TheHive.
void AlertRequests::arrived(Kind kind) {
  const auto& wanted = payload_.mapped.promotion;
  if (!wanted || promoting_.decided || answer_.alert_id.empty()) {
    end(kind);
    return;
  }
  promoting_.begun = true;
  promoting_.then = kind;
  promoting_.alert = answer_;
  step_ = wanted->key.empty() ? Step::promote : Step::find_case;
}

std::string AlertRequests::case_key() const {
  return step_ == Step::find_case ? payload_.mapped.promotion->key : std::string();
}

std::string AlertRequests::promoting_what() const {
  return "alert " + promoting_.alert.alert_id + " is in TheHive, but not in a case yet: ";
}

http::Request AlertRequests::promote_request(std::int64_t timeout_ms) const {
  const thehive::Endpoint& endpoint = settings_->endpoint;
  const std::string& alert_id = promoting_.alert.alert_id;
  if (!promoting_.case_id.empty()) {
    return thehive::merge_request(endpoint, alert_id, promoting_.case_id, *version_.used,
                                  timeout_ms);
  }
  const thehive::Alert sent = without(payload_.mapped, outcome_.left_out, {});
  return thehive::promote_request(endpoint, alert_id, sent.case_template, timeout_ms);
}

void AlertRequests::case_answered(const http::Outcome& outcome) {
  const auto answer = http::read_json("searching for its open case", outcome, thehive::kErrors);
  if (!answer.ok()) {
    promotion_failed(outcome, "searching for its open case: ");
    return;
  }
  const json::Value found = answer->root().at(0);
  promoting_.case_id = found["_id"].string_text();
  if (!answer->root().is_array() || (!found.missing() && promoting_.case_id.empty())) {
    answer_ = {};
    answer_.http_status = status_of(outcome);
    answer_.message = promoting_what() + "searching for its open case: not an answer of TheHive";
    end(Kind::failed);
    return;
  }
  step_ = Step::promote;
}

void AlertRequests::promote_answered(const http::Outcome& outcome) {
  const thehive::Delivery answer = thehive::classify_create(outcome);
  if (answer.verdict != Verdict::created) {
    promotion_failed(outcome, promoting_.case_id.empty() ? "creating its case: " : "merging it: ");
    return;
  }
  outcome_.promotion = promoting_.case_id.empty() ? Promotion::promoted : Promotion::merged;
  outcome_.case_id = answer.alert_id;
  const auto into = json::parse_answer(outcome.response.body);
  if (outcome_.promotion == Promotion::merged && into.ok() && thehive::is_closed(into->root())) {
    outcome_.remark = "alert " + promoting_.alert.alert_id + " (" + outcome_.source_ref +
                      ") was put into case " + answer.alert_id +
                      ", which was closed at that moment: check it there";
  }
  promotion_over();
}

void AlertRequests::promotion_failed(const http::Outcome& outcome, const std::string& what) {
  answer_ = thehive::classify_create(outcome);
  const std::string said = what + answer_.message;
  answer_.message = promoting_what() + said;
  if (needs_key_check(answer_)) {
    step_ = Step::check_key;
  } else if (answer_.verdict == Verdict::refused || answer_.verdict == Verdict::duplicate) {
    // A person may have been faster: then the case exists already.
    promoting_.refusal = answer_;
    promoting_.refusal.message = said;
    answer_ = {};
    step_ = Step::search;
  } else {
    end(Kind::failed);
  }
}

// A refused read needs no search.
void AlertRequests::reading_failed(const http::Outcome& outcome, const std::string& what) {
  promotion_failed(outcome, what);
  if (step_ != Step::search) return;
  answer_ = promoting_.refusal;
  answer_.message = promoting_what() + promoting_.refusal.message;
  end(Kind::failed);
}

// A case that accepts no more alerts, or no longer exists: the alert gets a new one. Not after
// other refusals: without the right to merge, every alert would get a case of its own. "Not found"
// may mean either, so the case is read.
void AlertRequests::reread_after_refusal(const Result<json::Document>& there,
                                         const http::Outcome& outcome) {
  if (!there.ok()) {
    reading_failed(outcome, "reading it: ");
    return;
  }
  const bool gone = there->root().missing();
  if (gone || thehive::is_decided(there->root())) {
    promotion_over();
    return;
  }
  const int status = promoting_.case_id.empty() ? 0 : promoting_.refusal.http_status;
  if (status == kBadRequest) {
    promoting_.case_id.clear();
    step_ = Step::promote;
  } else if (status == kNotFound && !promoting_.refusal.wrong_place) {
    step_ = Step::read_case;
  } else {
    promotion_refused(promoting_.refusal.message);
  }
}

void AlertRequests::read_case_answered(const http::Outcome& outcome) {
  const auto there = thehive::read_found("case " + promoting_.case_id, outcome);
  if (!there.ok()) {
    reading_failed(outcome, "reading the case: ");
  } else if (there->root().missing()) {
    promoting_.case_id.clear();
    step_ = Step::promote;
  } else {
    promotion_refused(promoting_.refusal.message);
  }
}

// TheHive accepts the key: only this request failed.
void AlertRequests::promotion_blocked() {
  if (answer_.verdict == Verdict::auth) {
    promotion_refused(answer_.message.substr(promoting_what().size()));
  } else {
    answer_.message += "; TheHive answers other requests";
    end(Kind::alert_failed);
  }
}

void AlertRequests::promotion_refused(const std::string& why) {
  outcome_.promotion = Promotion::refused;
  outcome_.remark = "alert " + promoting_.alert.alert_id + " (" + outcome_.source_ref +
                    ") is in TheHive, but not in a case: " + redact(why, settings_->endpoint.key) +
                    "; check the rights of the key with socctl health thehive and the name of the "
                    "case template, then socctl alert promote " +
                    promoting_.alert.alert_id;
  promotion_over();
}

void AlertRequests::promotion_over() {
  answer_ = promoting_.alert;
  end(promoting_.then);
}

}  // namespace socbridge::delivery
