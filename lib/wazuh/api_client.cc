// SPDX-License-Identifier: Apache-2.0
#include "wazuh/api_client.h"

#include <utility>

#include "base/text.h"
#include "wazuh/answer_count.h"

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
    return Status::error(ExitCode::refused, "Wazuh API: the login answered without a token",
                         "check that the URL is that of the manager's API (port 55000)");
  }
  session_ = http::Service(*http_, with_token(login_.options(), Secret(std::string(*token))));
  return {};
}

Result<std::string> ApiClient::version(const Deadline& deadline) {
  const auto answer = session_.get("/", deadline);
  if (!answer.ok()) return answer.status();
  return answer->root()["data"]["api_version"].text();
}

Result<std::vector<Daemon>> ApiClient::daemons(const Deadline& deadline) {
  const auto answer = session_.get("/manager/status", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value items = answer->root()["data"]["affected_items"].at(0);
  std::vector<Daemon> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.push_back({std::string(items.key_at(i)), items.value_at(i).text()});
  }
  return out;
}

Result<AgentCounts> ApiClient::agents(const Deadline& deadline) {
  const auto answer = session_.get("/agents/summary/status", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value data = answer->root()["data"];
  // Before Wazuh 4.4 the numbers were one level higher.
  const json::Value given = data["connection"].is_object() ? data["connection"] : data;
  if (!count_of(given["active"])) {
    return Status::error(ExitCode::refused, "Wazuh API: the answer has no agent counts",
                         "check that the URL is that of the manager's API (port 55000)");
  }
  const auto count = [&](const char* name) { return count_of(given[name]).value_or(0); };
  return AgentCounts{count("active"), count("disconnected"), count("never_connected"),
                     count("pending")};
}

Result<std::optional<EngineLoad>> ApiClient::engine_load(const Deadline& deadline) {
  const http::Outcome outcome = session_.send(
      "GET", "/manager/daemons/stats?daemons_list=wazuh-analysisd,wazuh-remoted", {}, deadline);
  if (outcome.answered() && outcome.response.status == 404) return std::optional<EngineLoad>();
  const auto answer = session_.read(outcome);
  if (!answer.ok()) return answer.status();
  return std::optional<EngineLoad>(read_daemon_stats(answer->root()["data"]["affected_items"]));
}

}  // namespace socbridge::wazuh
