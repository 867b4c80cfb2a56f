// SPDX-License-Identifier: Apache-2.0
#include "prometheus/client.h"

#include "base/text.h"

namespace socbridge::prometheus {

Status Client::ready(const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", "/-/ready", {}, deadline);
  if (Status bad = service_.explain(outcome); !bad.ok()) return bad;
  if (outcome.response.body.find("Ready") != std::string::npos &&
      outcome.response.content_type != "text/html") {
    return {};
  }
  return Status::error(ExitCode::refused, "Prometheus: /-/ready does not report ready",
                       "check its URL: a proxy or another server answers there");
}

Result<json::Document> Client::api(std::string_view path, const Deadline& deadline) {
  auto answer = service_.get(path, deadline);
  if (!answer.ok()) return answer;
  if (answer->root()["status"].text() == "success") return answer;
  return Status::error(ExitCode::refused,
                       "Prometheus: " + std::string(path) + " did not return success",
                       "check that the URL is that of Prometheus");
}

Result<std::string> Client::version(const Deadline& deadline) {
  const auto answer = api("/api/v1/status/buildinfo", deadline);
  if (!answer.ok()) return answer.status();
  return answer->root().path("data.version").text();
}

Result<std::vector<Target>> Client::targets(const Deadline& deadline) {
  const auto answer = api("/api/v1/targets?state=active", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value list = answer->root()["data"]["activeTargets"];
  std::vector<Target> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value one = list.at(i);
    out.push_back({one["labels"]["job"].text(), one["labels"]["instance"].text(),
                   one["health"].text(), one["lastError"].text()});
  }
  return out;
}

Result<std::vector<Rule>> Client::rules(const Deadline& deadline) {
  const auto answer = api("/api/v1/rules", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value groups = answer->root()["data"]["groups"];
  std::vector<Rule> out;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const json::Value group = groups.at(g);
    const json::Value rules = group["rules"];
    for (std::size_t r = 0; r < rules.size(); ++r) {
      const json::Value rule = rules.at(r);
      out.push_back({group["name"].text(), rule["name"].text(), rule["health"].text(),
                     rule["lastError"].text(), rule["state"].text()});
    }
  }
  return out;
}

}  // namespace socbridge::prometheus
