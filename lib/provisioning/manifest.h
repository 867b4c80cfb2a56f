// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::provisioning {

// A data source in the form of Grafana's provisioning files.
struct DataSourceEntry {
  std::string uid, name, type;
  // Its members without secureJsonData, a JSON object with resolved references.
  std::string body;
  // JSON pointers of members with references: their values are not displayed.
  std::vector<std::string> referenced;
  // Members of secureJsonData, unresolved: references are resolved when they are sent.
  std::vector<std::pair<std::string, std::string>> secrets;
};

struct DashboardEntry {
  std::string file;           // path of its JSON; or
  std::int64_t number = 0;    // its id at grafana.com
  std::int64_t revision = 0;  // 0: the latest
  std::string uid;            // empty: the file's own, or gnet-NUMBER
  // Values for its `__inputs`, by name; others are found by plug-in type.
  std::vector<std::pair<std::string, std::string>> inputs;
};

// The wanted state of Grafana.
struct Manifest {
  std::string folder_uid, folder_title;
  std::vector<DataSourceEntry> data_sources;
  std::vector<DashboardEntry> dashboards;
};

// Reads a manifest, YAML or JSON (docs/grafana.md): members `folder` {`uid`, `title`},
// `data_sources` (a list, or the path of a provisioning file with `datasources`) and `dashboards`
// (each `file` or `grafana_com`, with `revision`, `uid`, `inputs`). `sources_file`: a provisioning
// file instead of the manifest's data sources; or empty. Relative paths are beside the file that
// names them. Only trusted users may be able to change the files, since they determine which
// secrets go where. Errors: usage, with the file and the member; of broken YAML with line and
// column.
Result<Manifest> read_manifest(Env& env, const std::string& path, const std::string& sources_file);

}  // namespace socbridge::provisioning
