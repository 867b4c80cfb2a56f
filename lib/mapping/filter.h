// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "json/value.h"
#include "mapping/matchers.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {

// One row of `include` or `exclude`: everything it names must hold; of a list one is enough.
//   {"rule": ["5710", "100000-100999"], "level": "0-9", "group": "sshd", "agent": "web-*",
//    "path": "data.srcip", "cidr": "10.0.0.0/8"}
// `group` and `agent` are patterns (* and ?); an agent matches by id or by name. `path` goes with
// one of `equals`, `glob` and `cidr`, or stands alone: then the field must be there. Of an array
// one element is enough.
class Filter {
 public:
  // Errors are usage, one line without origin: "rule: \"x\" is no number or range".
  static Result<Filter> read(json::Value row);

  // Why it matches, for people: "rule 5710, agent web-01"; empty if it does not.
  std::optional<std::string> matches(const wazuh::Alert& alert) const;

 private:
  // Each gives false if it does not match, and adds its word to `why`.
  bool rule_matches(const wazuh::Alert& alert, std::string& why) const;
  bool level_matches(const wazuh::Alert& alert, std::string& why) const;
  bool group_matches(const wazuh::Alert& alert, std::string& why) const;
  bool agent_matches(const wazuh::Alert& alert, std::string& why) const;
  bool field_matches(const wazuh::Alert& alert, std::string& why) const;
  bool value_matches(json::Value value, std::string& why) const;

  std::vector<std::string> rules_;  // ids that are no numbers (Wazuh 5), compared as they are
  std::vector<NumberRange> rule_ranges_;
  std::vector<NumberRange> levels_;
  std::vector<std::string> groups_, agents_;
  std::string path_;
  std::vector<std::string> equals_, globs_;
  std::vector<Network> networks_;
};

}  // namespace socbridge::mapping
