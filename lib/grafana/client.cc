// SPDX-License-Identifier: Apache-2.0
#include "grafana/client.h"

#include "base/text.h"
#include "json/answer.h"

namespace socbridge::grafana {
namespace {

Status not_a_list(const char* what) {
  return Status::error(ExitCode::refused,
                       std::string("Grafana: the list of ") + what + " is not a JSON array",
                       "check that the URL is that of Grafana");
}

}  // namespace

Result<Health> Client::health(const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", "/api/health", {}, deadline);
  // If its database fails, the answer is a 503 with the same body.
  if (outcome.answered() && outcome.response.status == 503) {
    const auto document = json::parse_answer(outcome.response.body);
    if (document.ok() && document->root()["database"].is_string()) {
      return Health{document->root()["version"].text(), document->root()["database"].text()};
    }
  }
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  if (!root["database"].is_string()) {
    return Status::error(ExitCode::refused, "Grafana: the answer of /api/health has no database",
                         "check that the URL is that of Grafana");
  }
  return Health{root["version"].text(), root["database"].text()};
}

Result<std::vector<DataSource>> Client::data_sources(const Deadline& deadline) {
  const auto answer = service_.get("/api/datasources", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value list = answer->root();
  if (!list.is_array()) return not_a_list("data sources");
  std::vector<DataSource> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value one = list.at(i);
    out.push_back({one["uid"].text(), one["name"].text(), one["type"].text()});
  }
  return out;
}

Result<DataSourceHealth> Client::data_source_health(std::string_view uid,
                                                    const Deadline& deadline) {
  const http::Outcome outcome = service_.send(
      "GET", "/api/datasources/uid/" + http::url_encode(uid) + "/health", {}, deadline);
  DataSourceHealth health;
  if (!outcome.answered()) return service_.explain(outcome);
  const int status = outcome.response.status;
  // Grafana before 9 has no such route, some plug-ins have no check.
  if (status == 404 || status == 501) return health;
  const auto document = json::parse_answer(outcome.response.body);
  if (document.ok() && document->root()["status"].is_string()) {
    health.known = true;
    health.ok = document->root()["status"].text() == "OK";
    health.message = printable(document->root()["message"].text());
    return health;
  }
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  return Status::error(ExitCode::refused,
                       "Grafana: the health of a data source was answered without a status",
                       "check that the URL is that of Grafana");
}

Result<std::vector<Dashboard>> Client::dashboards(const Deadline& deadline) {
  const auto answer = service_.get("/api/search?type=dash-db&limit=5000", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value list = answer->root();
  if (!list.is_array()) return not_a_list("dashboards");
  std::vector<Dashboard> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value one = list.at(i);
    Dashboard board{one["uid"].text(), one["title"].text(), {}};
    for (std::size_t t = 0; t < one["tags"].size(); ++t) {
      board.tags.push_back(one["tags"].at(t).text());
    }
    out.push_back(std::move(board));
  }
  return out;
}

Result<std::int64_t> Client::source_id(std::string_view uid, const Deadline& deadline) {
  const auto answer = service_.get("/api/dashboards/uid/" + http::url_encode(uid), deadline);
  if (!answer.ok()) return answer.status();
  return answer->root()["dashboard"]["gnetId"].lenient_integer().value_or(0);
}

}  // namespace socbridge::grafana
