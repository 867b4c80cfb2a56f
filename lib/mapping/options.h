// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "config/settings.h"
#include "mapping/filter.h"
#include "mapping/noise.h"

namespace socbridge::mapping {

// One row of the observable table: where a value is found and what it is.
struct Source {
  std::string path;               // dotted path in the alert, e.g. data.srcip
  std::string data_type;          // TheHive data type to try, or `auto` (decided by the value)
  std::vector<std::string> tags;  // added to the observable
  bool ioc = false;
};

// At most `max` alerts of one bucket become alerts of their own; the rest is counted and reported
// in one summary.
struct RateCap {
  std::vector<std::string> by;  // empty: no cap
  std::uint64_t max = 0;
  std::int64_t window_ms = 0;
};

// Alerts of one bucket become one TheHive alert.
struct Grouping {
  std::vector<std::string> by;  // empty: no grouping
  std::int64_t window_ms = 3600000;
};

enum class PrivateAddresses { keep, tag, drop };

// Everything that shapes an alert. Defaults are the mission's.
struct Options {
  int min_level = 0;            // below: not forwarded; 0: integratord has filtered already
  std::string min_level_from;   // where it comes from if not from the configuration, for people
  std::vector<Filter> include;  // if there are any, one must match
  std::vector<Filter> exclude;  // none may match
  RateCap rate_cap;
  Grouping grouping;
  std::map<int, int> severity_by_level = {
      {7, 1}, {10, 2}, {13, 3}, {15, 4}};  // level from -> severity
  std::string type = "wazuh_alert";
  std::string source = "wazuh";
  std::vector<std::string> tags = {"wazuh"};
  int tlp = 2, pap = 2;
  std::vector<Source> extra_sources;       // configured rows, before the built-in table
  std::vector<std::string> ignore_paths;   // built-in rows switched off
  std::vector<std::string> ignore_values;  // values that are never observables (exact, any case)
  // Data types the platform lacks: found type -> type to send. A replaced one gets the tag
  // `type:WISHED`.
  std::map<std::string, std::string> data_types = {{"username", "other"}};
  PrivateAddresses private_addresses = PrivateAddresses::tag;
  bool find_by_content = true;  // values of `data` that the table does not know, by content
  bool free_text = false;       // values inside logs, scripts and commands, tagged `from-text`
  NoiseSet keep_noise;          // noise rules that are switched off
  int max_observables = 100;
  bool agent_observables = false;  // agent.ip and agent.name as observables (own assets)
  bool procedures = true;
  std::string
      external_link;  // template: {id} {rule.id} {agent.name} {time.from} {time.to} or any {path}
  std::string case_template;
  std::vector<std::pair<std::string, std::string>>
      custom_fields;  // name -> template; a lone {path} keeps its JSON type
  std::string manager_alias;
  int max_log_chars =
      16384;  // of full_log and previous_output in the description, UTF-16 units each
};

// Keys of the configuration that this reads; merged into the whole schema by
// integration/settings.h.
config::Schema config_keys();
// Errors (wrong shape of a nested value) are ExitCode::usage and name key and position.
Result<Options> options_from(const config::Settings& settings);

}  // namespace socbridge::mapping
