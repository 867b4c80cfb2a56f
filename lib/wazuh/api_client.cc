// SPDX-License-Identifier: Apache-2.0
#include "wazuh/api_client.h"

#include <utility>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

http::ServiceOptions with_token(const http::ServiceOptions& login, Secret token) {
  return {login.product, login.url, {}, std::move(token)};
}

}  // namespace

ApiClient::ApiClient(http::Client& http, http::ServiceOptions login)
    : http_(&http),
      login_(http, std::move(login)),
      session_(http, with_token(login_.options(), {})) {}

Status ApiClient::log_in(const Deadline& deadline) {
  const auto answer = login_.post("/security/user/authenticate", {}, deadline);
  if (!answer.ok()) return answer.status();
  const auto token = answer->root()["data"]["token"].string();
  if (!token || token->empty()) {
    return Status::error(ExitCode::refused,
                         login_.options().product + ": the login answered without a token",
                         "check that the URL is that of the manager's API (port 55000)");
  }
  session_ = http::Service(*http_, with_token(login_.options(), Secret(std::string(*token))));
  return {};
}

Result<std::string> ApiClient::version(const Deadline& deadline) {
  const auto answer = session_.get("/", deadline);
  if (!answer.ok()) return answer.status();
  return answer->root()["data"]["api_version"].scalar_text().value_or("");
}

Result<std::vector<Daemon>> ApiClient::daemons(const Deadline& deadline) {
  const auto answer = session_.get("/manager/status", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value items = answer->root()["data"]["affected_items"].at(0);
  std::vector<Daemon> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.push_back({std::string(items.key_at(i)), items.value_at(i).scalar_text().value_or("")});
  }
  return out;
}

}  // namespace socbridge::wazuh
