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
  std::string distribution;  // "opensearch"; empty on Elasticsearch, which does not say
  std::string version;       // "2.19.6"
  std::string cluster;
};

struct ClusterHealth {
  std::string status;  // green, yellow, red
  std::int64_t nodes = 0, data_nodes = 0;
  std::int64_t unassigned_shards = 0;
  std::int64_t open_shards = 0;  // of all open indices, with replicas, wherever they are or are not
};

struct Disk {
  std::string node;
  std::uint64_t total_bytes = 0, available_bytes = 0;
  double used_percent() const;
};

// One watermark: a share of the disk that is used, or bytes that must stay free.
struct Watermark {
  double used_percent = 0;       // 0: given in bytes
  std::uint64_t free_bytes = 0;  // 0: given in percent
  std::uint64_t headroom = 0;    // with this many bytes free it is never passed; 0: none
  std::string text = {};         // as the cluster gives it
  bool passed(const Disk& disk) const;
};
// "85%", "0.85", "50gb", "50g". Empty if it is none of them.
std::optional<Watermark> parse_watermark(std::string_view text);

// What the cluster's settings say of its limits. What it does not say, or says in an unknown form,
// is empty: no default is assumed.
struct Limits {
  std::optional<Watermark> low, high, flood_stage;
  bool disk_watched = true;  // cluster.routing.allocation.disk.threshold_enabled
  std::optional<std::uint64_t> shards_per_node;
};

// Why something is refused, of the whole cluster or of one index.
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
  UnixMillis created_ms = 0;  // 0: not known
};

// One shard of an index.
struct Shard {
  std::string index, uuid;
  int number = 0;
  std::int64_t last_seq_no = -1;  // highest sequence number it has given; -1: none
};

// The newest document of a series of indices, and how much of the series the answer is of.
struct Newest {
  std::optional<UnixMillis> time;  // empty: no document
  bool timed_out = false;
  std::int64_t shards = 0, answered = 0;
  std::string failure;  // of the first shard that failed, in the server's words
  bool whole() const { return !timed_out && answered >= shards; }
};

// What Wazuh has written: alerts of Wazuh 4 and findings of Wazuh 5, and what its dashboard knows
// of the managers' load.
struct Activity {
  std::optional<std::uint64_t> documents;  // alerts and findings; empty: no shard answered
  std::optional<UnixMillis> newest;        // of them
  // Of the last hour: value and count; agents the most frequent first, at most 25, the rest as
  // `other`. Levels are numbers of Wazuh 4 and words of Wazuh 5. Without those whose field has a
  // type by which nothing is counted.
  std::vector<std::pair<std::string, std::uint64_t>> by_level, by_agent;
  // `_source` of documents of statistics of the last 15 minutes, as JSON, the newest first; at most
  // 100 of them are asked for.
  std::vector<std::string> statistics;
};

// A field of which not every index has the same idea.
struct FieldTypes {
  std::string name;
  // Type and, if there are several, one of the indices that have it so.
  std::vector<std::pair<std::string, std::string>> types;
};

// Which indices have a policy that deletes them in time (ISM of OpenSearch, ILM of Elasticsearch).
struct Retention {
  std::uint64_t managed = 0;
  std::vector<std::string> unmanaged;  // names
};

// Documents since the nodes were started.
struct DocumentCounts {
  std::uint64_t taken = 0, refused = 0;  // refused: HTTP 4xx, conflicts of versions among them
  std::int64_t uptime_ms = 0;            // of the node that was started last
};

// The few calls of OpenSearch (and Elasticsearch 7 and 8) that are read here. Needs the cluster
// permission `cluster_monitor` and on the indices `indices_monitor` and `read`. Errors as
// Connection gives them.
class Client {
 public:
  explicit Client(Connection connection) : service_(std::move(connection)) {}

  Result<About> about(const Deadline& deadline);
  Result<ClusterHealth> cluster_health(const Deadline& deadline);
  Result<std::vector<Disk>> disks(const Deadline& deadline);
  // Transient before persistent before default settings.
  Result<Limits> limits(const Deadline& deadline);
  Result<Blocks> blocks(const Deadline& deadline);
  // Open indices whose names fit a pattern such as `wazuh-alerts-4.x-*`; none is no error.
  Result<std::vector<Index>> indices(std::string_view pattern, const Deadline& deadline);
  // The newest document by `field` that is not later than `latest`, if that is given.
  Result<Newest> newest(std::string_view pattern, std::string_view field,
                        std::optional<UnixMillis> latest, const Deadline& deadline);

  // The answer to a search for the newest documents by `field`, for SearchPage. `query` is JSON.
  Result<std::string> latest(std::string_view pattern, std::string_view field,
                             const std::string& query, std::size_t size, const Deadline& deadline);
  // One request. Needs `indices:data/read/msearch` too, which the action group `read` has. Findings
  // and statistics that may not be read are left out.
  Result<Activity> activity(const Patterns& patterns, UnixMillis now_ms, const Deadline& deadline);
  // The shards of open indices whose names fit a pattern; backing indices of data streams have
  // their own names. One that is in no place is left out. One that does not say how far it is, as
  // while it starts, has none yet: ask again.
  Result<std::vector<Shard>> shards(std::string_view pattern, const Deadline& deadline);

  // Whether the cluster knows this index, open or not.
  Result<bool> has_index(std::string_view name, const Deadline& deadline);

  // Patterns of all index templates, old and new ones.
  Result<std::vector<std::string>> template_patterns(const Deadline& deadline);
  // Those of `fields` (names with `*`) that have another type in another index, and those of
  // `wanted` in any case.
  Result<std::vector<FieldTypes>> field_types(std::string_view pattern, std::string_view fields,
                                              const std::vector<std::string>& wanted,
                                              const Deadline& deadline);
  // Empty: this cluster has no such policies.
  Result<std::optional<Retention>> retention(std::string_view pattern, const Deadline& deadline);
  // Empty: this version does not count them (OpenSearch before 2.9, Elasticsearch).
  Result<std::optional<DocumentCounts>> document_counts(const Deadline& deadline);

  std::int64_t first_ms() const { return service_.first_ms(); }

 private:
  Connection service_;
};

}  // namespace socbridge::opensearch
