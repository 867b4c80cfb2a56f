// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "config/settings.h"
#include "mapping/noise.h"
#include "rules/filter.h"
#include "rules/rule_set.h"
#include "rules/template.h"

namespace socbridge::mapping {

// One row of the observable table: the path of a value and its type.
struct Source {
  std::string path;               // dotted path in the alert, e.g. data.srcip
  std::string data_type;          // TheHive data type to try, or `auto` (decided by the value)
  std::vector<std::string> tags;  // added to the observable
  bool ioc = false;
};

// At most `max` alerts of one bucket are sent one by one; the rest is counted and reported in a
// summary alert.
struct RateCap {
  std::vector<std::string> by;  // empty: no cap
  std::uint64_t max = 0;
  std::int64_t window_ms = 0;
};

// All alerts of one bucket become one TheHive alert.
struct Grouping {
  std::vector<std::string> by;  // empty: no grouping
  std::int64_t window_ms = 3600000;
};

enum class PrivateAddresses { keep, tag, drop };

// The type of a custom field in TheHive. `automatic`: a template that is a single field keeps its
// JSON type; anything else is text.
enum class FieldType { automatic, string, integer, floating, boolean, date };

struct CustomFieldSource {
  std::string name;
  rules::Template value;
  FieldType type = FieldType::automatic;
};

// Built-in tags of every alert.
struct BuiltInTags {
  bool rule = true, agent = true, mitre = true, groups = true;
};

// All settings of the mapping, with their defaults.
struct Options {
  int min_level = 0;                   // below: not forwarded; 0: integratord has filtered already
  std::string min_level_from;          // its origin if not the configuration, for people
  std::vector<rules::Filter> include;  // if not empty, one must match
  std::vector<rules::Filter> exclude;  // none may match
  rules::RuleSet rules;                // override the members below for single alerts
  std::vector<std::string> destinations;  // names that rules may set, besides `default`
  RateCap rate_cap;
  Grouping grouping;
  bool promote = false;                 // every alert becomes a case at once
  std::vector<std::string> promote_by;  // paths: alerts equal in these share one open case
  std::map<int, int> severity_by_level = {
      {7, 1}, {10, 2}, {13, 3}, {15, 4}};  // lowest level -> severity
  rules::Template title;                   // empty: rule.description and host
  rules::Template description;             // empty: `{description}`
  rules::Template type = "wazuh_alert";
  rules::Template source = "wazuh";
  std::vector<rules::Template> tags = {"wazuh"};
  BuiltInTags built_in_tags;
  int tlp = 2, pap = 2;
  std::vector<Source> extra_sources;       // configured rows, before the built-in table
  std::vector<std::string> ignore_paths;   // built-in rows switched off
  std::vector<std::string> ignore_values;  // values that are never observables (exact, any case)
  // Data types that the platform lacks: found type -> type to send. Such an observable gets the tag
  // `type:FOUND`.
  std::map<std::string, std::string> data_types = {{"username", "other"}};
  PrivateAddresses private_addresses = PrivateAddresses::tag;
  bool find_by_content = true;  // values of `data` that the table does not list, by content
  bool free_text = false;       // values inside logs, scripts and commands, tagged `from-text`
  NoiseSet keep_noise;          // noise rules that are switched off
  int max_observables = 100;
  bool agent_observables = false;  // agent.ip and agent.name as observables (own assets)
  bool procedures = true;
  rules::Template external_link, case_template;
  std::vector<CustomFieldSource> custom_fields;
  std::string manager_alias;
  int max_log_chars =
      16384;  // of full_log and previous_output in the description, UTF-16 units each
};

// The keys that this reads; integration/settings.h merges them into the complete schema.
config::Schema config_keys();
// Errors (usage): wrong shape of a nested value, with key and position.
Result<Options> options_from(const config::Settings& settings);

// The type and the source of every alert; empty optional: they vary.
std::optional<std::string> fixed_type(const Options& options);
std::optional<std::string> fixed_source(const Options& options);
// Whether an alert may become a case at once.
bool may_promote(const Options& options);

}  // namespace socbridge::mapping
