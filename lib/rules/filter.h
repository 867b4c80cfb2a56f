// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "json/value.h"
#include "observable/network.h"
#include "rules/field_test.h"
#include "rules/matchers.h"
#include "wazuh/alert.h"

namespace socbridge::rules {

// One row of `include`, `exclude` or of a rule's `match`. All its keys must match; of a list, one
// element is enough.
//   {"rule": ["5710", "100000-100999"], "level": "0-9", "group": "sshd", "agent": "web-*",
//    "path": "data.srcip", "cidr": "10.0.0.0/8"}
// `group`, `agent` (id or name), `agent_group`, `decoder` and `location` are patterns (* and ?).
// `agent_ip` takes address blocks, `label` an object of names and patterns. `path` takes one
// condition of FieldTest or none; `fields` is a list of such tests, all of which must hold. `not`
// is a row, or a list of rows, none of which may match.
class Filter {
 public:
  // Errors: usage, one line without origin: "rule: \"x\" is not a number or range".
  static Result<Filter> read(json::Value row);
  static Filter read(json::Value row, Faults& faults);

  // Why it matches, for people: "rule 5710, agent web-01"; empty if it does not match.
  std::optional<std::string> matches(const wazuh::Alert& alert) const;

 private:
  void read_member(std::string_view name, json::Value value, Faults& faults);
  void read_rules(const std::vector<std::string>& texts, Faults& faults);
  void read_agent_ips(const std::vector<std::string>& texts, Faults& faults);
  void read_labels(json::Value value, Faults& faults);
  void read_none(json::Value value, Faults& faults);
  // Each returns false if it does not match, and appends to `why`.
  bool rule_matches(const wazuh::Alert& alert, std::string& why) const;
  bool level_matches(const wazuh::Alert& alert, std::string& why) const;
  bool group_matches(const wazuh::Alert& alert, std::string& why) const;
  bool agent_matches(const wazuh::Alert& alert, std::string& why) const;
  bool agent_ip_matches(const wazuh::Alert& alert, std::string& why) const;
  bool agent_group_matches(const wazuh::Alert& alert, std::string& why) const;
  bool labels_match(const wazuh::Alert& alert, std::string& why) const;
  bool source_matches(const wazuh::Alert& alert, std::string& why) const;
  bool fields_match(const wazuh::Alert& alert, std::string& why) const;

  std::vector<std::string> rules_;  // ids that are not numbers (Wazuh 5), compared exactly
  std::vector<NumberRange> rule_ranges_, levels_;
  std::vector<std::string> groups_, agents_, agent_groups_, decoders_, locations_;
  std::vector<observable::Network> agent_ips_;
  std::vector<std::pair<std::string, std::vector<std::string>>> labels_;
  std::vector<FieldTest> fields_;
  std::vector<Filter> none_;
};

}  // namespace socbridge::rules
