// SPDX-License-Identifier: Apache-2.0
#include "opencti/client.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "http/hide_key.h"
#include "json/writer.h"

namespace socbridge::opencti {
namespace {

constexpr int kTries = 4;

bool worth_another_try(const Answer& answer, Operation operation) {
  return operation != Operation::single_query && !answer.errors.empty() &&
         std::all_of(answer.errors.begin(), answer.errors.end(), [&](const GraphqlError& error) {
           return operation == Operation::query ? classify(error) == ErrorKind::retry
                                                : error.code == "LOCK_ERROR";
         });
}

}  // namespace

std::string base_url(std::string_view url) {
  const auto drop_slashes = [&] {
    while (url.ends_with('/')) url.remove_suffix(1);
  };
  drop_slashes();
  constexpr std::string_view kTail = "/graphql";
  if (url.ends_with(kTail)) url.remove_suffix(kTail.size());
  drop_slashes();
  return std::string(url);
}

void add_headers(http::Request& request) { request.headers.emplace_back("opencti-draft-id", ""); }

Client::Client(http::Client& http, Endpoint endpoint, std::int64_t first_pause_ms)
    : http_(&http),
      endpoint_(std::move(endpoint)),
      base_(base_url(endpoint_.url)),
      first_pause_ms_(first_pause_ms) {}

Result<Answer> Client::post_once(std::string_view what, const std::string& body,
                                 const Deadline& deadline) {
  http::Request request;
  request.method = "POST";
  request.url = base_ + "/graphql";
  request.headers.emplace_back("Accept", "application/json");
  add_headers(request);
  request.content_type = "application/json";
  request.body = body;
  request.bearer = endpoint_.token;
  request.timeout_ms = deadline.left_ms();
  http::Outcome outcome = http_->perform(request);
  http::hide_key(outcome, endpoint_.token);
  return accept(what, outcome);
}

Result<Answer> Client::post(std::string_view what, std::string_view document,
                            std::string_view variables_json, const Deadline& deadline,
                            Operation operation) {
  json::Writer w;
  w.begin_object();
  w.member("query", document);
  w.key("variables");
  w.raw(variables_json.empty() ? "{}" : variables_json);
  w.end_object();
  const std::string body = std::move(w).take();
  for (int i = 1;; ++i) {
    auto answer = post_once(what, body, deadline);
    const std::int64_t pause = first_pause_ms_ << (i - 1);
    const bool again = answer.ok() && worth_another_try(*answer, operation) && i < kTries;
    if (!again || deadline.left_ms() <= pause) return answer;
    sleep_ms(pause);
  }
}

Result<json::Document> Client::query(std::string_view what, std::string_view document,
                                     std::string_view variables_json, const Deadline& deadline,
                                     Operation operation) {
  auto answer = post(what, document, variables_json, deadline, operation);
  if (!answer.ok()) return answer.status();
  if (const Status bad = errors_status(what, *answer); !bad.ok()) return bad;
  if (!answer->data().is_object()) {
    return Status::error(ExitCode::refused, std::string(what) + ": the answer has no data");
  }
  return std::move(answer->document);
}

}  // namespace socbridge::opencti
