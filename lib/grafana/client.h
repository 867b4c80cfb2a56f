// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "http/service.h"

namespace socbridge::grafana {

struct Health {
  std::string version;   // may be hidden from callers without a key
  std::string database;  // "ok", else "failing"
};

struct DataSource {
  std::string uid, name, type;
};

struct DataSourceHealth {
  bool known = false;  // its plug-in has a health check
  bool ok = false;
  std::string message;
};

struct Dashboard {
  std::string uid, title;
  std::vector<std::string> tags;
};

inline http::ErrorBody read_error(const http::Response& response) {
  return http::read_common_error(response, "message");
}
inline constexpr http::ProductErrors kErrors{"Grafana", read_error};

// The HTTP API of Grafana 9 and later with a service account token. Needs the permissions
// datasources:read, datasources:query (their health) and dashboards:read. The role Viewer has the
// last, an Editor or a custom role the others. Errors are those of http::Service.
class Client {
 public:
  explicit Client(http::Service service) : service_(std::move(service)) {}

  // GET /api/health: needs no key and ignores one.
  Result<Health> health(const Deadline& deadline);
  Result<std::vector<DataSource>> data_sources(const Deadline& deadline);
  // Checks the data source through Grafana's back end, which may take until its own timeout.
  Result<DataSourceHealth> data_source_health(std::string_view uid, const Deadline& deadline);
  // All dashboards the key may see, at most 5000.
  Result<std::vector<Dashboard>> dashboards(const Deadline& deadline);
  // Id of the grafana.com dashboard it was imported from; 0: none.
  Result<std::int64_t> source_id(std::string_view uid, const Deadline& deadline);

  std::int64_t first_ms() const { return service_.first_ms(); }

 private:
  http::Service service_;
};

}  // namespace socbridge::grafana
