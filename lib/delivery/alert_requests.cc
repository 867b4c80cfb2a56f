// SPDX-License-Identifier: Apache-2.0
#include "delivery/alert_requests.h"

#include <utility>

#include "http/hide_key.h"
#include "mapping/mapping.h"
#include "thehive/promotion.h"

namespace socbridge::delivery {
namespace {

std::optional<thehive::ApiVersion> configured_version(const std::string& name) {
  if (name == "4") return thehive::ApiVersion::v4;
  if (name == "5") return thehive::ApiVersion::v5;
  return {};
}

bool has_part(const Parts& parts, std::string_view name) {
  for (const std::string& part : parts) {
    if (part == name) return true;
  }
  return false;
}

}  // namespace

AlertRequests::AlertRequests(const wazuh::Alert& alert, const integration::Settings& settings,
                             Known known)
    : settings_(&settings), version_(settings.endpoint) {
  start(alert, std::move(known));
}

AlertRequests::AlertRequests(std::string_view raw_alert, const integration::Settings& settings,
                             Known known)
    : settings_(&settings), version_(settings.endpoint) {
  const auto alert = wazuh::Alert::parse(raw_alert);
  if (alert.ok()) {
    start(*alert, std::move(known));
  } else {
    outcome_ = Outcome::bad_input(alert.status().line());
  }
}

void AlertRequests::start(const wazuh::Alert& alert, Known known) {
  if (known.filter == Filter::apply) {
    if (std::string skipped = mapping::skip_reason(alert, settings_->mapping); !skipped.empty()) {
      outcome_.kind = Outcome::Kind::filtered;
      outcome_.message = std::move(skipped);
      return;
    }
  }
  payload_.mapped = mapping::to_thehive(alert, settings_->mapping, wall_now_ms());
  if (known.shared) grouped_.alert = known.shared(alert);
  if (grouped_.alert) {
    payload_.mapped = grouped_.alert->opening(std::move(payload_.mapped));
    search_ = Search::planned;
  }
  const thehive::Alert& mapped = payload_.mapped;
  outcome_.source_ref = mapped.source_ref;
  outcome_.left_out = std::move(known.left_out);
  key_ = thehive::alert_key(mapped.type, mapped.source, mapped.source_ref);
  version_.used = known.version ? known.version : configured_version(settings_->thehive_version);
  version_.from_server = known.version.has_value();
  if (grouped_.alert && grouped_.alert->not_before_ms() > wall_now_ms()) {
    give_up(Outcome::Postponed::window_open, "the time window of the summary is not over",
            grouped_.alert->not_before_ms());
    return;
  }
  step_ = Step::ask_version;
  if (version_.used) prepare_create();
}

void AlertRequests::prepare_create() {
  thehive::Alert sent = without(payload_.mapped, outcome_.left_out, payload_.refusal);
  payload_.body = has_part(outcome_.left_out, "long_text")
                      ? thehive::create_body(sent, *version_.used, kSmallBody)
                      : thehive::create_body(sent, *version_.used);
  step_ = search_ == Search::none ? Step::create : Step::search;
}

void AlertRequests::search_first() {
  search_ = Search::ambiguous;
  if (step_ == Step::create) step_ = Step::search;
}

http::Request AlertRequests::next(std::int64_t timeout_ms) const {
  const thehive::Endpoint& endpoint = settings_->endpoint;
  switch (step_) {
    case Step::ask_version: return version_.question.request(timeout_ms);
    case Step::search:
      return thehive::find_request(endpoint, promoting_.begun ? promoting_.alert.alert_id : key_,
                                   timeout_ms);
    case Step::check_key: return thehive::key_request(endpoint, timeout_ms);
    case Step::update: {
      const grouping::AlertUpdate& next = grouped_.updates.back();
      http::Request request = thehive::make_request(endpoint, next.method, next.path, timeout_ms);
      request.body = next.body;
      request.content_type = "application/json";
      return request;
    }
    case Step::find_case:
      return thehive::open_case_request(endpoint, payload_.mapped.promotion->key, *version_.used,
                                        timeout_ms);
    case Step::promote: return promote_request(timeout_ms);
    case Step::read_case: return thehive::case_request(endpoint, promoting_.case_id, timeout_ms);
    case Step::create:
    case Step::finished: break;
  }
  return thehive::create_request(endpoint, payload_.body, *version_.used, timeout_ms);
}

void AlertRequests::answered(http::Outcome outcome) {
  http::hide_key(outcome, settings_->endpoint.key);
  answered_ = true;
  switch (step_) {
    case Step::ask_version: version_answered(outcome); break;
    case Step::search: search_answered(outcome); break;
    case Step::create: create_answered(outcome); break;
    case Step::update: update_answered(outcome); break;
    case Step::find_case: case_answered(outcome); break;
    case Step::promote: promote_answered(outcome); break;
    case Step::read_case: read_case_answered(outcome); break;
    case Step::check_key: key_answered(outcome); break;
    case Step::finished: break;
  }
}

void AlertRequests::give_up(Outcome::Postponed why, std::string message, UnixMillis not_before_ms) {
  if (step_ == Step::check_key) {
    key_unknown(message);
    return;
  }
  if (promoting_.begun) {
    answer_ = {};
    answer_.message = promoting_what() + std::move(message);
    end(Outcome::Kind::postponed);
    outcome_.postponed = why;
    outcome_.not_before_ms = not_before_ms;
    return;
  }
  // A refusal is more informative than the lack of time for a further request.
  const bool was_refused = answer_.verdict == thehive::Verdict::refused ||
                           answer_.verdict == thehive::Verdict::too_large;
  if (answered_ && was_refused) {
    end(answer_.wrong_place ? Outcome::Kind::wrong_url : Outcome::Kind::reduced);
    return;
  }
  answer_ = {};
  answer_.message = std::move(message);
  end(answered_ ? Outcome::Kind::failed : Outcome::Kind::postponed);
  outcome_.postponed = why;
  outcome_.not_before_ms = not_before_ms;
}

void AlertRequests::end(Outcome::Kind kind) {
  step_ = Step::finished;
  outcome_.kind = kind;
  // A server or proxy may echo the request.
  outcome_.message = redact(answer_.message, settings_->endpoint.key);
  outcome_.alert_id = promoting_.begun ? promoting_.alert.alert_id : answer_.alert_id;
  outcome_.http_status = answer_.http_status;
  outcome_.retry_after_ms = answer_.retry_after_ms;
  outcome_.from_thehive = answer_.http_status != 0 && !answer_.foreign;
  const bool open = search_ == Search::ambiguous && outcome_.tried() && !outcome_.arrived();
  outcome_.ambiguous = answer_.ambiguous || open;
  if (promoting_.begun && !outcome_.arrived()) outcome_.promotion = Outcome::Promotion::open;
}

}  // namespace socbridge::delivery
