// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opensearch/connection.h"
#include "opensearch/patterns.h"

namespace socbridge::opensearch {

struct About {
  std::string distribution;  // "opensearch"; empty on Elasticsearch, which does not report it
  std::string version;       // "2.19.6"
  std::string cluster;
};

struct ClusterHealth {
  std::string status;  // green, yellow, red
  std::int64_t nodes = 0, data_nodes = 0;
  std::int64_t unassigned_shards = 0;
  std::int64_t open_shards = 0;  // of all open indices, with replicas, assigned or not
};

struct Disk {
  std::string node;
  std::uint64_t total_bytes = 0, available_bytes = 0;
  double used_percent() const;
};

// One disk watermark: a percentage in use, or bytes that must stay free.
struct Watermark {
  double used_percent = 0;       // 0: given in bytes
  std::uint64_t free_bytes = 0;  // 0: given in percent
  std::uint64_t headroom = 0;    // with this many bytes free it is never exceeded; 0: none
  std::string text = {};         // as given by the cluster
  bool passed(const Disk& disk) const;
};
// "85%", "0.85", "50gb", "50g". Empty for any other text.
std::optional<Watermark> parse_watermark(std::string_view text);

// Limits in the cluster's settings. Missing or unparsable ones are empty: no default is assumed.
struct Limits {
  std::optional<Watermark> low, high, flood_stage;
  bool disk_watched = true;  // cluster.routing.allocation.disk.threshold_enabled
  std::optional<std::uint64_t> shards_per_node;
};

// A block of the cluster or of one index.
struct Block {
  std::string id;           // "12": read-only since the flood stage; "4": closed
  std::string description;  // "index write (api)"
  bool reads = false, writes = false, creates = false;  // what it refuses; creates: new indices
};
struct Blocks {
  std::vector<Block> cluster;
  std::map<std::string, std::vector<Block>> indices;  // by name
};

struct Index {
  std::string name;
  std::string health;  // green, yellow, red, or empty if closed
  std::uint64_t documents = 0;
  std::uint64_t shards = 0;   // with replicas
  UnixMillis created_ms = 0;  // 0: unknown
};

// One shard of an index.
struct Shard {
  std::string index, uuid;
  int number = 0;
  std::int64_t last_seq_no = -1;  // highest assigned sequence number; -1: none
};

// The newest document of an index pattern, and how many of its shards answered.
struct Newest {
  std::optional<UnixMillis> time;  // empty: no document
  bool timed_out = false;
  std::int64_t shards = 0, answered = 0;
  std::string failure;  // of the first failed shard, the server's message
  bool whole() const { return !timed_out && answered >= shards; }
};

// Data that Wazuh wrote: alerts of Wazuh 4, findings of Wazuh 5, and the dashboard's statistics of
// the managers.
struct Activity {
  std::optional<std::uint64_t> documents;  // alerts and findings; empty: no shard answered
  std::optional<UnixMillis> newest;        // of them
  // Of the last hour: value and count. Agents by frequency, at most 25, the rest as `other`. Levels
  // are numbers of Wazuh 4 and words of Wazuh 5. Without indices whose field type cannot be
  // aggregated.
  std::vector<std::pair<std::string, std::uint64_t>> by_level, by_agent;
  // `_source` of statistics documents of the last 15 minutes, as JSON, newest first, at most 100.
  std::vector<std::string> statistics;
};

// A field whose type differs between indices.
struct FieldTypes {
  std::string name;
  // Type and, if there are several, one index with that type.
  std::vector<std::pair<std::string, std::string>> types;
};

// Indices with and without a policy that deletes them (ISM of OpenSearch, ILM of Elasticsearch).
struct Retention {
  std::uint64_t managed = 0;
  std::vector<std::string> unmanaged;  // names
};

// Counts since the start of the nodes.
struct DocumentCounts {
  std::uint64_t taken = 0, refused = 0;  // refused: HTTP 4xx, including version conflicts
  std::int64_t uptime_ms = 0;            // of the node that was started last
};

// The OpenSearch requests (also Elasticsearch 7 and 8) that socbridge needs. Requires the cluster
// permission `cluster_monitor` and on the indices `indices_monitor` and `read`. Errors are those of
// Connection.
class Client {
 public:
  explicit Client(Connection connection) : service_(std::move(connection)) {}

  Result<About> about(const Deadline& deadline);
  Result<ClusterHealth> cluster_health(const Deadline& deadline);
  Result<std::vector<Disk>> disks(const Deadline& deadline);
  // Transient settings take precedence over persistent ones, these over defaults.
  Result<Limits> limits(const Deadline& deadline);
  Result<Blocks> blocks(const Deadline& deadline);
  // Open indices that match a pattern such as `wazuh-alerts-4.x-*`. No match is not an error.
  Result<std::vector<Index>> indices(std::string_view pattern, const Deadline& deadline);
  // The newest document by `field`, not later than `latest` if given.
  Result<Newest> newest(std::string_view pattern, std::string_view field,
                        std::optional<UnixMillis> latest, const Deadline& deadline);

  // The answer to a search for the newest documents by `field`, for SearchPage. `query` is JSON.
  Result<std::string> latest(std::string_view pattern, std::string_view field,
                             const std::string& query, std::size_t size, const Deadline& deadline);
  // One request. Also needs `indices:data/read/msearch`, which the action group `read` includes.
  // Findings and statistics that may not be read are left out.
  Result<Activity> activity(const Patterns& patterns, UnixMillis now_ms, const Deadline& deadline);
  // All shards of open indices that match a pattern; backing indices of data streams have their own
  // names. An unassigned shard is left out. One that reports no sequence number, as while it
  // starts, has none yet: ask again.
  Result<std::vector<Shard>> shards(std::string_view pattern, const Deadline& deadline);

  // Whether the cluster has this index, open or closed.
  Result<bool> has_index(std::string_view name, const Deadline& deadline);

  // Patterns of all index templates, legacy and composable.
  Result<std::vector<std::string>> template_patterns(const Deadline& deadline);
  // Those of `fields` (names with `*`) whose type differs between indices, and those of `wanted`
  // always.
  Result<std::vector<FieldTypes>> field_types(std::string_view pattern, std::string_view fields,
                                              const std::vector<std::string>& wanted,
                                              const Deadline& deadline);
  // Empty: this cluster does not support such policies.
  Result<std::optional<Retention>> retention(std::string_view pattern, const Deadline& deadline);
  // Empty: this version does not count them (OpenSearch before 2.9, Elasticsearch).
  Result<std::optional<DocumentCounts>> document_counts(const Deadline& deadline);

  std::int64_t first_ms() const { return service_.first_ms(); }

 private:
  Connection service_;
};

}  // namespace socbridge::opensearch
