// SPDX-License-Identifier: Apache-2.0
#include "opensearch/client.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/answer.h"
#include "opensearch/alert_query.h"
#include "opensearch/answer_count.h"

namespace socbridge::opensearch {
namespace {

std::uint64_t number_of(json::Value value) { return parse_u64(value.text()).value_or(0); }

// `_cat` answers are arrays; a proxy's `{}` must not be read as an empty list.
Status not_a_list(std::string_view what) {
  return Status::error(ExitCode::refused,
                       "OpenSearch: the list of " + std::string(what) + " is not a JSON array",
                       "check that the URL is that of OpenSearch");
}

// Every shard of the requested indices is unassigned or failed.
bool no_shard_answered(const http::Outcome& outcome) {
  if (!outcome.answered() || outcome.response.status != 503) return false;
  const auto document = json::parse_answer(outcome.response.body);
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
    return Status::error(ExitCode::refused, "OpenSearch: the answer of / has no version",
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
  health.nodes = count_in(root["number_of_nodes"]);
  health.data_nodes = count_in(root["number_of_data_nodes"]);
  health.unassigned_shards = count_in(root["unassigned_shards"]);
  health.open_shards = count_in(root["active_shards"]) + count_in(root["initializing_shards"]) +
                       health.unassigned_shards;
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
    if (disk.total_bytes > 0)
      disks.push_back(std::move(disk));  // else: a row for unassigned shards
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
                   moment_within_calendar(row["creation.date"].lenient_integer().value_or(0))});
  }
  return out;
}

Result<std::vector<Shard>> Client::shards(std::string_view pattern, const Deadline& deadline) {
  const auto answer =
      service_.get("/" + std::string(pattern) +
                       "/_stats/docs?level=shards&ignore_unavailable=true&allow_no_indices=true"
                       "&expand_wildcards=open&filter_path=_shards,indices.*.uuid,"
                       "indices.*.shards.*.routing.primary,indices.*.shards.*.seq_no.max_seq_no",
                   deadline);
  if (!answer.ok()) return answer.status();
  const json::Value indices = answer->root()["indices"];
  std::vector<Shard> out;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const json::Value shards = indices.value_at(i)["shards"];
    for (std::size_t j = 0; j < shards.size(); ++j) {
      Shard shard;
      shard.index = std::string(indices.key_at(i));
      shard.uuid = indices.value_at(i)["uuid"].text();
      shard.number = static_cast<int>(parse_u64(shards.key_at(j)).value_or(0));
      const json::Value copies = shards.value_at(j);
      for (std::size_t k = 0; k < copies.size(); ++k) {
        const auto last = copies.at(k)["seq_no"]["max_seq_no"].integer();
        shard.last_seq_no = std::max(shard.last_seq_no, last.value_or(-1));
      }
      out.push_back(std::move(shard));
    }
  }
  return out;
}

// A closed index gives HTTP 400, one without an assigned shard 200.
Result<bool> Client::has_index(std::string_view name, const Deadline& deadline) {
  const http::Outcome outcome = service_.send(
      "GET", "/" + http::url_encode(name) + "/_stats/docs?filter_path=_shards,error", {}, deadline);
  if (!outcome.answered()) return service_.explain(outcome);
  if (outcome.response.status != 404) return true;
  const auto document = json::parse_answer(outcome.response.body);
  return !document.ok() ||
         document->root()["error"]["type"].string() != "index_not_found_exception";
}

Result<Newest> Client::newest(std::string_view pattern, std::string_view field,
                              std::optional<UnixMillis> latest, const Deadline& deadline) {
  const std::string name(field);
  std::string body =
      R"({"size":1,"track_total_hits":false,"_source":[")" + name + R"("],)" + newest_first(field);
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
  newest.shards = count_in(shards["total"]);
  // An unassigned shard is not counted in `failed`, only missing in `successful`.
  newest.answered = std::min(count_in(shards["successful"], newest.shards),
                             newest.shards - count_in(shards["failed"]));
  newest.failure = shards["failures"].at(0)["reason"]["reason"].text();
  // The sort value is the time in milliseconds, whatever the format in the document.
  const auto time = root["hits"]["hits"].at(0)["sort"].at(0).integer();
  if (time) newest.time = moment_within_calendar(*time);
  return newest;
}

Result<std::string> Client::latest(std::string_view pattern, std::string_view field,
                                   const std::string& query, std::size_t size,
                                   const Deadline& deadline) {
  http::Outcome outcome = service_.send(
      "POST", "/" + std::string(pattern) + "/_search?ignore_unavailable=true&allow_no_indices=true",
      R"({"size":)" + std::to_string(size) + R"(,"track_total_hits":false,)" + newest_first(field) +
          R"(,"query":)" + query + "}",
      deadline);
  if (outcome.answered() && outcome.response.status == 400) {
    return Status::error(ExitCode::usage, service_.explain(outcome).message(),
                         "check the query; its syntax is that of query_string: rule.level:>=10");
  }
  if (Status bad = service_.explain(outcome); !bad.ok()) return bad;
  return std::move(outcome.response.body);
}

}  // namespace socbridge::opensearch
