#include "thehive/requests.h"

#include <utility>

#include "base/text.h"
#include "thehive/answer.h"
#include "thehive/clean.h"
#include "thehive/exchange.h"

namespace socbridge::thehive {

http::Request make_request(const Endpoint& endpoint, std::string method, std::string_view path,
                           std::int64_t timeout_ms) {
  http::Request r;
  r.method = std::move(method);
  r.url = http::join_url(endpoint.url, path);
  r.headers.emplace_back("Accept", "application/json");
  if (!endpoint.organisation.empty())
    r.headers.emplace_back("X-Organisation", endpoint.organisation);
  r.bearer = endpoint.key;
  r.timeout_ms = timeout_ms;
  return r;
}

http::Request create_request(const Endpoint& endpoint, std::string body, ApiVersion version,
                             std::int64_t timeout_ms) {
  http::Request post = make_request(endpoint, "POST", create_path(version), timeout_ms);
  post.body = std::move(body);
  post.content_type = "application/json";
  return post;
}

std::string alert_key(std::string_view type, std::string_view source, std::string_view source_ref) {
  return clean_type(type) + ";" + clean_source(source) + ";" + clean_source_ref(source_ref);
}

http::Request find_request(const Endpoint& endpoint, std::string_view key,
                           std::int64_t timeout_ms) {
  return make_request(endpoint, "GET", "/api/v1/alert/" + http::url_encode(key), timeout_ms);
}

Result<json::Document> read_found(std::string_view key, const http::Outcome& outcome) {
  if (outcome.answered() && outcome.response.status == 404) {
    // `NotFound` is "no such route"; a proxy's page is no word about the alert either.
    const ErrorBody error = read_error(outcome.response);
    if (error.from_thehive && error.type != "NotFound") return json::Document();
  }
  return read_json("looking for alert " + printable(key), outcome);
}

http::Request key_request(const Endpoint& endpoint, std::int64_t timeout_ms) {
  return make_request(endpoint, "GET", "/api/v1/user/current", timeout_ms);
}

Status read_key(const http::Outcome& outcome) {
  const auto user = read_json("asking TheHive whose key it is", outcome);
  if (!user.ok()) return user.status();
  const json::Value permissions = user->root()["permissions"];
  if (!permissions.is_array()) return {};
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    const auto name = permissions.value_at(i).string();
    if (name == "manageAlert" || name == "manageAlert/create") return {};
  }
  return Status::error(ExitCode::auth, "the key's user may not create alerts",
                       "give its profile the permission manageAlert/create");
}

void hide_key(http::Outcome& outcome, const Secret& key) {
  outcome.error = redact(std::move(outcome.error), key);
  // A server may send a request's headers back in its error page; taken out before any text is cut.
  if (outcome.response.status < 300) return;
  outcome.response.body = redact(std::move(outcome.response.body), key);
  for (auto& header : outcome.response.headers)
    header.second = redact(std::move(header.second), key);
}

}  // namespace socbridge::thehive
