#include "opensearch/client.h"

#include <utility>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::opensearch {
namespace {

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

std::uint64_t number_of(json::Value value) {
  return parse_u64(value.scalar_text().value_or("")).value_or(0);
}

// `_cat` answers are arrays; a proxy's `{}` is no list of nothing.
Status not_a_list(std::string_view what) {
  return Status::error(ExitCode::refused,
                       "OpenSearch: the list of " + std::string(what) + " is no JSON array",
                       "check that the URL is that of OpenSearch");
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
  About about{text_of(root["version"]["distribution"]), text_of(root["version"]["number"]),
              text_of(root["cluster_name"])};
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
  health.status = text_of(root["status"]);
  health.nodes = root["number_of_nodes"].integer().value_or(0);
  health.unassigned_shards = root["unassigned_shards"].integer().value_or(0);
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
    Disk disk{text_of(row["node"]), number_of(row["disk.total"]), number_of(row["disk.avail"])};
    if (disk.total_bytes > 0) disks.push_back(std::move(disk));  // else: unassigned shards
  }
  return disks;
}

Result<Watermarks> Client::watermarks(const Deadline& deadline) {
  const auto answer = service_.get(
      "/_cluster/settings?include_defaults=true&flat_settings=true"
      "&filter_path=*.cluster.routing.allocation.disk.watermark*",
      deadline);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  const auto read = [&](const std::string& name, const char* otherwise) {
    const std::string key = "cluster.routing.allocation.disk.watermark." + name;
    for (const char* layer : {"transient", "persistent", "defaults"}) {
      if (auto mark = parse_watermark(text_of(root[layer][key]))) return *mark;
    }
    return *parse_watermark(otherwise);
  };
  return Watermarks{read("low", "85%"), read("high", "90%"), read("flood_stage", "95%")};
}

Result<std::vector<Index>> Client::indices(std::string_view pattern, const Deadline& deadline) {
  const http::Outcome outcome =
      service_.send("GET",
                    "/_cat/indices/" + std::string(pattern) +
                        "?format=json&h=index,health,status,docs.count&expand_wildcards=open",
                    {}, deadline);
  if (outcome.answered() && outcome.response.status == 404) return std::vector<Index>();
  const auto answer = service_.read(outcome);
  if (!answer.ok()) return answer.status();
  const json::Value root = answer->root();
  if (!root.is_array()) return not_a_list("indices");
  std::vector<Index> out;
  for (std::size_t i = 0; i < root.size(); ++i) {
    const json::Value row = root.at(i);
    out.push_back({text_of(row["index"]), text_of(row["health"]), number_of(row["docs.count"])});
  }
  return out;
}

Result<std::optional<UnixMillis>> Client::newest(std::string_view pattern, std::string_view field,
                                                 const Deadline& deadline) {
  const std::string name(field);
  const std::string body = R"({"size":1,"track_total_hits":false,"_source":[")" + name +
                           R"("],"sort":[{")" + name +
                           R"(":{"order":"desc","unmapped_type":"date"}}]})";
  const auto answer = service_.post(
      "/" + std::string(pattern) + "/_search?ignore_unavailable=true&allow_no_indices=true", body,
      deadline);
  if (!answer.ok()) return answer.status();
  const json::Value hit = answer->root()["hits"]["hits"].at(0);
  // The sort value is the time in milliseconds, whatever form the document has it in.
  if (const auto ms = hit["sort"].at(0).integer()) return std::optional<UnixMillis>(*ms);
  return std::optional<UnixMillis>();
}

}  // namespace socbridge::opensearch
