#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "http/service.h"

namespace socbridge::opensearch {

struct About {
  std::string distribution;  // "opensearch"; empty on Elasticsearch, which does not say
  std::string version;       // "2.19.1"
  std::string cluster;
};

struct ClusterHealth {
  std::string status;  // green, yellow, red
  std::int64_t nodes = 0, unassigned_shards = 0;
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
  bool passed(const Disk& disk) const;
};
// "85%", "0.85", "50gb". Empty if it is none of them.
std::optional<Watermark> parse_watermark(std::string_view text);

struct Watermarks {
  Watermark low, high, flood_stage;
};

struct Index {
  std::string name;
  std::string health;  // green, yellow, red, or empty if closed
  std::uint64_t documents = 0;
};

// The few calls of OpenSearch (and Elasticsearch 7 and 8) that are read here. Needs the cluster
// permission `cluster_monitor` and on the indices `indices_monitor` and `read`. Errors as
// http::Service gives them.
class Client {
 public:
  explicit Client(http::Service service) : service_(std::move(service)) {}

  Result<About> about(const Deadline& deadline);
  Result<ClusterHealth> cluster_health(const Deadline& deadline);
  Result<std::vector<Disk>> disks(const Deadline& deadline);
  // Transient before persistent before default settings.
  Result<Watermarks> watermarks(const Deadline& deadline);
  // Open indices whose names fit a pattern such as `wazuh-alerts-4.x-*`; none is no error.
  Result<std::vector<Index>> indices(std::string_view pattern, const Deadline& deadline);
  // Time of the newest document by `field`; empty if there is none.
  Result<std::optional<UnixMillis>> newest(std::string_view pattern, std::string_view field,
                                           const Deadline& deadline);

  std::int64_t first_ms() const { return service_.first_ms(); }

 private:
  http::Service service_;
};

}  // namespace socbridge::opensearch
