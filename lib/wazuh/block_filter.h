// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"
#include "wazuh/os_match.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::wazuh {

// A filter setting that is probably a mistake.
struct FilterRemark {
  std::string element;      // level, group, rule_id or event_location
  bool takes_none = false;  // no alert passes it
  std::string message;      // one line
  std::string next;
};

// Decides which alerts integratord 4.x passes to a block: those that match its <event_location>,
// <level>, <group> and <rule_id>, all of them (src/os_integrator/integrator.c and
// src/config/integrator-config.c of Wazuh's repository). An absent element matches all. Immutable
// and thread-safe.
class BlockFilter {
 public:
  BlockFilter() = default;  // matches everything
  explicit BlockFilter(const IntegrationBlock& block);

  // Why the block does not receive the alert, e.g. `level 5 is below the block's <level> 7`; "" if
  // it does. `alert` is the document as integratord reads it, without a `_source` wrapper.
  std::string left_out(json::Value alert) const;

  // As integratord compares it; 0: every level. Above 16 no alert passes.
  std::uint32_t level() const { return level_; }

  std::vector<FilterRemark> remarks() const;

 private:
  bool in_group(json::Value groups) const;
  void add_group_remarks(std::vector<FilterRemark>& out) const;

  std::uint32_t level_ = 0;
  bool has_group_ = false, has_rule_id_ = false, has_location_ = false;
  std::string group_, rule_id_text_, location_text_;
  std::vector<std::uint32_t> rule_ids_;
  OsMatch location_;
};

}  // namespace socbridge::wazuh
