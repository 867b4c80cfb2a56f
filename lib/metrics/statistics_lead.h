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

// Whether the statistics of Wazuh's dashboard, and not the manager's API, say what load the
// managers have: where they have a cluster or several managers, of which the API's node is one. If
// they are missing for a while, the API does not take their place: a rate would have what that node
// did meanwhile by both names as soon as they are back. Not thread safe.
class StatisticsLead {
 public:
  // Longer than what rates are asked over (20 minutes).
  static constexpr std::int64_t kHoldMs = std::int64_t{30} * 60 * 1000;

  // What the indexer gave when it was asked; null: it failed. Of one that never answered, or never
  // had statistics, it is assumed that it had a cluster when it was first asked. Statistics of one
  // manager without a cluster end that; so does half an hour, for a manager that has none at all.
  void look(const std::vector<wazuh::NodeLoad>* loads, UnixMillis now_ms);
  // There is no later look that the half hour could end for: no statistics are no cluster then.
  void look_once() { once_ = true; }
  // Until half an hour after they had a cluster or several managers.
  bool holds() const { return holds_; }

  void save(json::Writer& w) const;  // an object, for load()
  void load(json::Value saved);

 private:
  std::optional<UnixMillis> led_ms_;  // when they last had several; 0: never, empty: not known
  bool assumed_ = false, once_ = false, holds_ = false;
};

// Of a cluster, or of several managers.
bool has_several(const std::vector<wazuh::NodeLoad>& loads);

}  // namespace socbridge::metrics
