// SPDX-License-Identifier: Apache-2.0
#include "thehive/requests.h"

#include <utility>

#include "base/text.h"
#include "thehive/answer.h"
#include "thehive/sanitize.h"

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

Result<json::Document> read_found(std::string_view what, const http::Outcome& outcome) {
  if (outcome.answered() && outcome.response.status == 404) {
    // A missing route or a proxy's page does not show that the alert is missing.
    const ErrorBody error = read_error(outcome.response);
    if (error.is_own && !is_unknown_route(error)) return json::Document();
  }
  return http::read_json("looking for " + printable(what), outcome, kErrors);
}

http::Request key_request(const Endpoint& endpoint, std::int64_t timeout_ms) {
  return make_request(endpoint, "GET", "/api/v1/user/current", timeout_ms);
}

Status read_key(const http::Outcome& outcome, std::string_view organisation) {
  constexpr const char* kWhat = "reading the key's user from TheHive";
  const auto user = http::read_json(kWhat, outcome, kErrors);
  return user.ok() ? check_user(user->root(), organisation) : user.status();
}

Status check_organisation(const json::Value& user, std::string_view wanted) {
  const std::string current = user["organisation"].text();
  const json::Value all = user["organisations"];
  std::string names;
  bool member = wanted.empty() || current.empty() || iequals(current, wanted);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = all.at(i)["organisation"].text();
    const std::string id = all.at(i)["organisationId"].text();
    member = member || iequals(name, wanted) || id == wanted;
    names += (names.empty() ? "" : ", ") + printable(name, 64);
  }
  if (member && current != "***") return {};
  const std::string login = printable(user["login"].string().value_or("the key's user"), 100);
  return Status::error(ExitCode::auth,
                       login + " is not in the organisation " +
                           (wanted.empty() ? std::string("of this key") : printable(wanted, 64)) +
                           (names.empty() ? std::string() : "; it is in " + printable(names, 200)),
                       "correct the organisation, or add the user to it");
}

Status check_user(const json::Value& user, std::string_view organisation) {
  const json::Value permissions = user["permissions"];
  if (!user["login"].is_string() && !permissions.is_array()) {
    return Status::error(ExitCode::refused, "the answer to \"who am I\" is not TheHive's",
                         "check the URL");
  }
  const std::string login = printable(user["login"].string().value_or("the key's user"), 100);
  if (user["locked"].boolean().value_or(false)) {
    return Status::error(ExitCode::auth, login + " is locked", "unlock the user");
  }
  if (const Status there = check_organisation(user, organisation); !there.ok()) return there;
  if (!permissions.is_array()) return {};
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    const auto name = permissions.value_at(i).string();
    if (name == "manageAlert" || name == "manageAlert/create") return {};
  }
  return Status::error(ExitCode::auth, login + " may not create alerts (manageAlert/create)",
                       "give its profile the permission manageAlert/create");
}

}  // namespace socbridge::thehive
