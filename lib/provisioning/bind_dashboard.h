// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::provisioning {

// A data source for dashboards.
struct BoundSource {
  std::string uid, name, type;
};

struct Binding {
  std::vector<BoundSource> sources;                         // the first of each type is used
  std::vector<std::pair<std::string, std::string>> inputs;  // values of `__inputs`, by name
  std::string uid;                                          // empty: that of the dashboard
  std::int64_t number = 0;                                  // at grafana.com; 0: none
};

// The dashboard in the form that Grafana stores, a JSON object: without members that an export adds
// (`__inputs`, `__requires`, `id`, `version`), with `uid` and `gnetId`. Inputs, `datasource`
// objects of a type that we have and variables over such a type are bound to our data sources.
// Errors (refused): not a JSON object with a title, no uid, an input without a value, library
// panels (`__elements`), which only Grafana's own import can create.
Result<std::string> bind_dashboard(json::Value dashboard, const Binding& binding);

}  // namespace socbridge::provisioning
