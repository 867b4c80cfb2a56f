// SPDX-License-Identifier: Apache-2.0
#include "reconcile/thehive_destination.h"

#include <utility>

#include "http/hide_key.h"
#include "json/writer.h"
#include "mapping/bucket.h"
#include "service/wait_unless.h"
#include "thehive/json_fields.h"
#include "thehive/promotion.h"
#include "thehive/requests.h"
#include "thehive/sanitize.h"

namespace socbridge::reconcile {
namespace {

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
  // If a template makes the type and source, the reference alone must do: it is a digest.
  if (const auto type = mapping::fixed_type(options)) {
    write_is(w, "type", thehive::clean_type(*type));
  }
  if (const auto source = mapping::fixed_source(options)) {
    write_is(w, "source", thehive::clean_source(*source));
  }
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
  // A reference can exist more than once if the server's own check was raced.
  w.begin_object();
  w.member("_name", "page");
  w.member("from", 0);
  w.member("to", static_cast<std::uint64_t>(refs.size() * 2));
  w.end_object();
  w.end_array();
  return std::move(w).take();
}

Presence presence_of(json::Value alert) {
  Presence out;
  out.created_ms = alert["_createdAt"].integer().value_or(0);
  // Both versions omit the time of the last change if there was none.
  const bool changed = alert["_updatedAt"].integer().value_or(0) > 0;
  out.untouched = !changed && !thehive::is_decided(alert);
  for (std::string& tag : thehive::text_list(alert["tags"])) {
    if (mapping::is_case_tag(tag)) out.case_tags.push_back(std::move(tag));
  }
  return out;
}

Present read_present(json::Value list, Ask ask) {
  Present there;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value alert = list.at(i);
    Presence one = ask == Ask::cases ? presence_of(alert) : Presence();
    const auto [at, is_new] = there.try_emplace(alert["sourceRef"].text(), std::move(one));
    // Several alerts: a person must decide which one counts.
    if (!is_new) at->second.untouched = false;
  }
  return there;
}

}  // namespace

http::ClientOptions client_options(const integration::Settings& settings) {
  http::ClientOptions options = settings.http;
  options.max_response_bytes = std::size_t{256} << 20;
  return options;
}

TheHiveDestination::TheHiveDestination(Env& env, const integration::Settings& settings,
                                       http::Client& http, delivery::SendPolicy policy)
    : settings_(settings),
      http_(http),
      client_(http, settings.endpoint),
      stop_(policy.stop),
      sender_(env, http, settings, std::move(policy)) {}

// Requests ignore the circuit breaker: a person waits for the answer.
void TheHiveDestination::report(const Status& question) {
  delivery::CircuitBreaker* breaker = sender_.breaker();
  if (breaker == nullptr) return;
  const UnixMillis now = wall_now_ms();
  switch (question.code()) {
    case ExitCode::ok: static_cast<void>(breaker->succeeded(now)); return;
    case ExitCode::unreachable:
      static_cast<void>(breaker->failed(question.message(), -1, now));
      return;
    case ExitCode::auth: break;
    default: return;
  }
  // Only TheHive's own answer to a request that depends on the key alone counts as a refusal of it.
  http::Outcome asked = http_.perform(thehive::key_request(settings_.endpoint, kQuestionMs));
  http::hide_key(asked, settings_.endpoint.key);
  const Status key = thehive::read_key(asked, settings_.endpoint.organisation);
  if (key.code() == ExitCode::auth) {
    static_cast<void>(breaker->key_refused(question.message(), wall_now_ms()));
  }
}

Result<Present> TheHiveDestination::present(const std::vector<std::string>& source_refs, Ask ask) {
  const std::string operations = question(settings_.mapping, source_refs);
  std::string_view exclude;  // version 4 does not support it
  if (settings_.thehive_version != "4") {
    exclude = ask == Ask::cases ? R"(["description","customFields"])"
                                : R"(["description","customFields","tags"])";
  }
  for (int tries = 0;; ++tries) {
    const auto answer =
        client_.query("socbridge-reconcile", operations, Deadline::after_ms(kQuestionMs), exclude);
    report(answer.ok() ? Status() : answer.status());
    if (!answer.ok()) {
      const bool again =
          answer.status().code() == ExitCode::unreachable && tries + 1 < delivery::kTries;
      if (again && wait_unless(stop_, delivery::retry_pause_ms(tries, 0))) continue;
      return answer.status();
    }
    if (!answer->root().is_array()) {
      return Status::error(ExitCode::refused, "TheHive's answer to a query is not a list",
                           "check that the URL is TheHive's own");
    }
    return read_present(answer->root(), ask);
  }
}

Result<bool> TheHiveDestination::is_there(const std::string& source_ref) {
  const auto type = mapping::fixed_type(settings_.mapping);
  const auto source = mapping::fixed_source(settings_.mapping);
  if (!type || !source) {
    const auto there = present({source_ref}, Ask::alerts);
    if (!there.ok()) return there.status();
    return there->contains(source_ref);
  }
  const auto found =
      client_.find_alert(*type, *source, source_ref, Deadline::after_ms(kQuestionMs));
  if (!found.ok()) return found.status();
  return !found->root().missing();
}

delivery::Outcome TheHiveDestination::send(const wazuh::Alert& alert) {
  delivery::AlertInput input;
  input.alert = &alert;
  input.filter = delivery::Filter::passed;
  return sender_.send(input, settings_.budget_ms);
}

}  // namespace socbridge::reconcile
