// SPDX-License-Identifier: Apache-2.0
#include "opensearch/client.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace socbridge::opensearch {
namespace {

std::uint64_t number_of(json::Value value) {
  return parse_u64(value.scalar_text().value_or("")).value_or(0);
}

// `_cat` answers are arrays; a proxy's `{}` is no list of nothing.
Status not_a_list(std::string_view what) {
  return Status::error(ExitCode::refused,
                       "OpenSearch: the list of " + std::string(what) + " is no JSON array",
                       "check that the URL is that of OpenSearch");
}

// Every shard of the indices that were asked is without a place or failed.
bool no_shard_answered(const http::Outcome& outcome) {
  if (!outcome.answered() || outcome.response.status != 503) return false;
  const auto document = json::Document::parse(outcome.response.body);
  return document.ok() &&
         document->root()["error"]["type"].string() == "search_phase_execution_exception";
}

}  // namespace

double Disk::used_percent() const {
  constexpr double kAll = 100.0;
  if (total_bytes == 0) return 0;
  const std::uint64_t used = total_bytes > available_bytes ? total_bytes - available_bytes : 0;
  return kAll * static_cast<double>(used) / static_cast<double>(total_bytes);
}

Result<About> Client::about(const Deadline& deadline) {
  const auto answer = service_.get("/", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  About about{root["version"]["distribution"].text(), root["version"]["number"].text(),
              root["cluster_name"].text()};
  if (about.version.empty()) {
    return Status::error(ExitCode::refused, "OpenSearch: the answer of / names no version",
                         "check that the URL is that of OpenSearch");
  }
  return about;
}

Result<ClusterHealth> Client::cluster_health(const Deadline& deadline) {
  const auto answer = service_.get("/_cluster/health", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  ClusterHealth health;
  health.status = root["status"].text();
  health.nodes = root["number_of_nodes"].integer().value_or(0);
  health.data_nodes = root["number_of_data_nodes"].integer().value_or(0);
  health.unassigned_shards = root["unassigned_shards"].integer().value_or(0);
  health.open_shards = root["active_shards"].integer().value_or(0) +
                       root["initializing_shards"].integer().value_or(0) + health.unassigned_shards;
  return health;
}

Result<std::vector<Disk>> Client::disks(const Deadline& deadline) {
  const auto answer =
      service_.get("/_cat/allocation?format=json&bytes=b&h=node,disk.total,disk.avail", deadline);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  if (!root.is_array()) return not_a_list("disks");
  std::vector<Disk> disks;
  for (std::size_t i = 0; i < root.size(); ++i) {
    const json::Value row = root.at(i);
    Disk disk{row["node"].text(), number_of(row["disk.total"]), number_of(row["disk.avail"])};
    if (disk.total_bytes > 0) disks.push_back(std::move(disk));  // else: unassigned shards
  }
  return disks;
}

Result<std::vector<Index>> Client::indices(std::string_view pattern, const Deadline& deadline) {
  const http::Outcome outcome =
      service_.send("GET",
                    "/_cat/indices/" + std::string(pattern) +
                        "?format=json&h=index,health,docs.count,pri,rep,creation.date"
                        "&expand_wildcards=open",
                    {}, deadline);
  if (outcome.answered() && outcome.response.status == 404) return std::vector<Index>();
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  if (!root.is_array()) return not_a_list("indices");
  std::vector<Index> out;
  for (std::size_t i = 0; i < root.size(); ++i) {
    const json::Value row = root.at(i);
    out.push_back({row["index"].text(), row["health"].text(), number_of(row["docs.count"]),
                   number_of(row["pri"]) * (1 + number_of(row["rep"])),
                   static_cast<UnixMillis>(number_of(row["creation.date"]))});
  }
  return out;
}

Result<Newest> Client::newest(std::string_view pattern, std::string_view field,
                              std::optional<UnixMillis> latest, const Deadline& deadline) {
  const std::string name(field);
  std::string body = R"({"size":1,"track_total_hits":false,"_source":[")" + name +
                     R"("],"sort":[{")" + name + R"(":{"order":"desc","unmapped_type":"date"}}])";
  if (latest) {
    body += R"(,"query":{"range":{")" + name + R"(":{"lte":)" + std::to_string(*latest) +
            R"(,"format":"epoch_millis"}}})";
  }
  const http::Outcome outcome = service_.send("POST",
                                              "/" + std::string(pattern) +
                                                  "/_search?ignore_unavailable=true"
                                                  "&allow_no_indices=true",
                                              body + "}", deadline);
  if (no_shard_answered(outcome)) return Newest{{}, false, 1, 0, "all shards failed"};
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  if (!root["hits"]["hits"].is_array()) return not_a_list("documents");
  const json::Value shards = root["_shards"];
  Newest newest;
  newest.timed_out = root["timed_out"].boolean().value_or(false);
  newest.shards = shards["total"].integer().value_or(0);
  // A shard without a place is not among `failed`; it only lacks in `successful`.
  newest.answered = std::min(shards["successful"].integer().value_or(newest.shards),
                             newest.shards - shards["failed"].integer().value_or(0));
  newest.failure = shards["failures"].at(0)["reason"]["reason"].text();
  // The sort value is the time in milliseconds, whatever form the document has it in.
  newest.time = root["hits"]["hits"].at(0)["sort"].at(0).integer();
  return newest;
}

Result<std::string> Client::latest(std::string_view pattern, std::string_view field,
                                   const std::string& query, std::size_t size,
                                   const Deadline& deadline) {
  http::Outcome outcome = service_.send(
      "POST", "/" + std::string(pattern) + "/_search?ignore_unavailable=true&allow_no_indices=true",
      R"({"size":)" + std::to_string(size) + R"(,"track_total_hits":false,"sort":[{")" +
          std::string(field) + R"(":{"order":"desc","unmapped_type":"date"}}],"query":)" + query +
          "}",
      deadline);
  if (outcome.answered() && outcome.response.status == 400) {
    return Status::error(ExitCode::usage, service_.explain(outcome).message(),
                         "check the query; it has the syntax of query_string: rule.level:>=10");
  }
  if (Status bad = service_.explain(outcome); !bad.ok()) return bad;
  return std::move(outcome.response.body);
}

}  // namespace socbridge::opensearch
