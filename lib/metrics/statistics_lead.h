// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "wazuh/engine_load.h"

namespace socbridge::metrics {

// Decides whether the loads of managers come from the statistics of Wazuh's dashboard, not from the
// manager's API: yes if they have a cluster or several managers, of which the API's node is one. If
// the statistics are missing for a while, the API does not replace them: otherwise a rate would
// count that node under both names once they are back. Not thread safe.
class StatisticsLead {
 public:
  // Longer than the range of the rate queries (20 minutes).
  static constexpr std::int64_t kHoldMs = std::int64_t{30} * 60 * 1000;

  // Evaluates the loads that the indexer returned; null: it failed. Before the first statistics, a
  // cluster is assumed from the time of the first poll. Statistics of one manager without a cluster
  // end that; so does half an hour, for a manager that has none.
  void poll(const std::vector<wazuh::NodeLoad>* loads, UnixMillis now_ms);
  // There is only one poll, so the half hour cannot pass: missing statistics then mean no cluster.
  void poll_once() { once_ = true; }
  // True until half an hour after the last statistics of a cluster or several managers.
  bool holds() const { return holds_; }

  void save(json::Writer& w) const;  // an object, for load()
  void load(json::Value saved);

 private:
  std::optional<UnixMillis> led_ms_;  // time of the last such statistics; 0: never, empty: unknown
  bool assumed_ = false, once_ = false, holds_ = false;
};

// Whether they are of a cluster or of several managers.
bool has_several(const std::vector<wazuh::NodeLoad>& loads);

}  // namespace socbridge::metrics
