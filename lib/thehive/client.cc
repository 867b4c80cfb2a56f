// SPDX-License-Identifier: Apache-2.0
#include "thehive/client.h"

#include <utility>

#include "base/text.h"
#include "http/hide_key.h"
#include "thehive/answer.h"
#include "thehive/exchange.h"
#include "thehive/requests.h"

namespace socbridge::thehive {

http::Outcome exchange(http::Client& http, const http::Request& request, const Secret& key) {
  http::Outcome outcome = http.perform(request);
  http::hide_key(outcome, key);
  return outcome;
}

Client::Client(http::Client& http, Endpoint endpoint)
    : http_(&http), endpoint_(std::move(endpoint)) {}

http::Request Client::request(std::string method, std::string_view path,
                              const Deadline& deadline) const {
  return make_request(endpoint_, std::move(method), path, deadline.left_ms());
}

Delivery Client::create_alert(const std::string& body, ApiVersion version,
                              const Deadline& deadline) {
  const http::Request post = create_request(endpoint_, body, version, deadline.left_ms());
  Delivery delivery = classify_create(exchange(*http_, post, endpoint_.key));
  delivery.message = redact(std::move(delivery.message), endpoint_.key);
  return delivery;
}

Result<json::Document> Client::find_alert(std::string_view type, std::string_view source,
                                          std::string_view source_ref, const Deadline& deadline) {
  const std::string key = alert_key(type, source, source_ref);
  return read_found(
      "alert " + key,
      exchange(*http_, find_request(endpoint_, key, deadline.left_ms()), endpoint_.key));
}

Status Client::remove_alert(std::string_view id, const Deadline& deadline) {
  const std::string tail = "alert/" + http::url_encode(id);
  http::Outcome outcome =
      exchange(*http_, request("DELETE", "/api/v1/" + tail, deadline), endpoint_.key);
  if (outcome.answered() && outcome.response.status == 404) {  // version 4 has it in v0 only
    outcome = exchange(*http_, request("DELETE", "/api/" + tail, deadline), endpoint_.key);
  }
  return http::explain("deleting the alert", outcome, kErrors);
}

Result<json::Document> Client::query(std::string_view label, std::string_view operations_json,
                                     const Deadline& deadline, std::string_view exclude_json) {
  http::Request post = request("POST", "/api/v1/query?name=" + http::url_encode(label), deadline);
  post.body = R"({"query":)" + std::string(operations_json);
  if (!exclude_json.empty()) post.body.append(R"(,"excludeFields":)").append(exclude_json);
  post.body += '}';
  post.content_type = "application/json";
  return http::read_json("query " + printable(label), exchange(*http_, post, endpoint_.key),
                         kErrors);
}

Result<json::Document> Client::get(std::string_view path, const Deadline& deadline) {
  return http::read_json("GET " + printable(path),
                         exchange(*http_, request("GET", path, deadline), endpoint_.key), kErrors);
}

http::Outcome Client::perform(std::string_view method, std::string_view path, std::string_view body,
                              const Deadline& deadline) {
  http::Request r = request(std::string(method), path, deadline);
  r.body = body;
  if (!body.empty()) r.content_type = "application/json";
  return exchange(*http_, r, endpoint_.key);
}

http::Outcome Client::perform_form(std::string_view method, std::string_view path,
                                   std::vector<http::FormPart> form, const Deadline& deadline) {
  http::Request r = request(std::string(method), path, deadline);
  r.form = std::move(form);
  return exchange(*http_, r, endpoint_.key);
}

Result<json::Document> Client::send(std::string_view what, std::string_view method,
                                    std::string_view path, std::string_view body,
                                    const Deadline& deadline) {
  return accepted(what, perform(method, path, body, deadline));
}

Result<json::Document> accepted(std::string_view what, const http::Outcome& outcome) {
  if (http::is_success(outcome) && trim(outcome.response.body).empty()) return json::Document();
  return http::read_json(what, outcome, kErrors);
}

}  // namespace socbridge::thehive
