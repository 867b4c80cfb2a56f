// SPDX-License-Identifier: Apache-2.0
#include "mapping/options.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "mapping/template_options.h"
#include "rules/destinations.h"
#include "rules/fault.h"
#include "thehive/alert.h"

namespace socbridge::mapping {
namespace {

using config::Kind;

class Reader {
 public:
  explicit Reader(const config::Settings& settings) : settings_(settings) {}

  Result<Options> read() {
    Options o;
    o.min_level = whole("min_level");
    o.tlp = whole("tlp");
    o.pap = whole("pap");
    o.ignore_paths = settings_.list("ignore_paths");
    o.ignore_values = settings_.list("ignore_values");
    o.max_observables = whole("max_observables");
    o.find_by_content = settings_.boolean("find_by_content");
    o.free_text = settings_.boolean("free_text");
    noise(o);
    o.agent_observables = settings_.boolean("agent_observables");
    o.procedures = settings_.boolean("procedures");
    o.manager_alias = settings_.text("manager_alias");
    o.max_log_chars = whole("max_log_chars");
    const std::string policy = settings_.text("private_addresses");
    o.private_addresses = policy == "keep"   ? PrivateAddresses::keep
                          : policy == "drop" ? PrivateAddresses::drop
                                             : PrivateAddresses::tag;
    rules::Faults faults;
    read_templates(settings_, o, faults);
    report(faults);
    names(o);
    filters("include", o.include);
    filters("exclude", o.exclude);
    rate_cap(o);
    grouping(o);
    severity(o);
    sources(o);
    types(o);
    const json::Value destinations = settings_.json("destinations");
    for (std::size_t i = 0; i < destinations.size(); ++i) {
      o.destinations.emplace_back(destinations.key_at(i));
    }
    rule_list(o);
    if (!error_.ok()) return error_;
    return o;
  }

 private:
  int whole(std::string_view name) const { return static_cast<int>(settings_.integer(name)); }

  void fail(const std::string& key, const std::string& what, std::string hint = {}) {
    if (!error_.ok()) return;
    std::string where = settings_.origin(key);
    if (const std::string position = settings_.position(key); !position.empty())
      where += ":" + position;
    error_ = Status::error(ExitCode::usage, where + ": " + key + " " + what, std::move(hint));
  }

  void names(const Options& o) {
    for (const auto& [key, from] : {std::pair("type", &o.type), std::pair("source", &o.source)}) {
      if (!from->constant()) continue;
      const std::string_view value = from->literal();
      if (value.empty() || utf16_length(value) > thehive::limits::kType) {
        fail(key, "must have 1 to 32 characters");
      }
      if (value.find(';') != std::string_view::npos) {
        fail(key, "must not hold a semicolon",
             "TheHive separates type, source and reference by it");
      }
    }
  }

  void noise(Options& o) {
    for (const std::string& name : settings_.list("keep_noise")) {
      if (const auto rule = noise_called(name)) {
        o.keep_noise.add(*rule);
        continue;
      }
      std::string known;
      for (const std::string_view one : noise_names()) {
        known += (known.empty() ? "" : ", ") + std::string(one);
      }
      fail("keep_noise", "has an unknown rule \"" + printable(name, 40) + "\"",
           "known are " + known);
    }
  }

  void filters(const std::string& name, std::vector<rules::Filter>& out) {
    const json::Value rows = settings_.json(name);
    constexpr std::size_t kMost = 1000;
    if (rows.size() > kMost) fail(name, "has more than 1000 rows");
    rules::Faults faults("/" + name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const rules::Faults::Down down(faults, i);
      out.push_back(rules::Filter::read(rows.at(i), faults));
    }
    report(faults);
  }

  // Paths of a bucket's key.
  std::vector<std::string> paths(const std::string& key, json::Value list) {
    constexpr std::size_t kMost = 8;
    std::vector<std::string> out;
    for (std::size_t i = 0; i < list.size(); ++i) {
      out.emplace_back(list.at(i).string_or_empty());
      if (out.back().empty()) fail(key, "must name paths, such as rule.id");
    }
    if (out.size() > kMost) fail(key, "has more than 8 paths");
    return out;
  }

  std::int64_t window(const std::string& key, json::Value value) {
    constexpr std::int64_t kShortest = 10000;
    constexpr std::int64_t kLongest = std::int64_t{31} * 24 * 3600 * 1000;
    const auto ms = parse_duration_ms(value.scalar_text().value_or(""));
    if (ms && *ms >= kShortest && *ms <= kLongest) return *ms;
    fail(key, "must be a time from 10s to 31d", "for example \"10m\"");
    return kShortest;
  }

  void rate_cap(Options& o) {
    const std::string key = "rate_cap";
    const json::Value cap = settings_.json(key);
    if (cap.size() == 0) return;
    const std::string example =
        R"(for example {"by": ["rule.id", "agent.id"], "max": 20, "per": "10m"})";
    for (std::size_t i = 0; i < cap.size(); ++i) {
      const std::string_view name = cap.key_at(i);
      if (name == "by" || name == "max" || name == "per") continue;
      fail(key, "has an unknown key \"" + printable(name, 40) + "\"", example);
    }
    constexpr std::int64_t kMost = 100000;
    const auto max = cap["max"].integer();
    if (!max || *max < 1 || *max > kMost) fail(key, "needs max from 1 to 100000", example);
    if (!cap["by"].is_array() || cap["by"].size() == 0)
      fail(key, "needs a list of paths by", example);
    if (cap["per"].missing()) fail(key, "needs a time per", example);
    if (!error_.ok()) return;
    o.rate_cap.by = paths(key, cap["by"]);
    o.rate_cap.max = static_cast<std::uint64_t>(*max);
    o.rate_cap.window_ms = window(key, cap["per"]);
  }

  void grouping(Options& o) {
    o.grouping.by = paths("group_by", settings_.json("group_by"));
    o.grouping.window_ms = window("group_window", settings_.json("group_window"));
    o.promote = settings_.boolean("promote");
    o.promote_by = paths("promote_by", settings_.json("promote_by"));
  }

  void severity(Options& o) {
    const json::Value table = settings_.json("severity");
    std::map<int, int> read;
    for (std::size_t i = 0; i < table.size(); ++i) {
      const auto level = parse_u64(table.key_at(i));
      const auto value = table.value_at(i).integer();
      if (!level || *level > 16 || !value || *value < 1 || *value > 4) {
        fail("severity", "must map levels (0 to 16) to severities (1 to 4)",
             R"(for example {"7": 1, "10": 2, "13": 3, "15": 4})");
        return;
      }
      read[static_cast<int>(*level)] = static_cast<int>(*value);
    }
    if (read.empty()) {
      fail("severity", "must have at least one row");
    } else {
      o.severity_by_level = std::move(read);
    }
  }

  void sources(Options& o) {
    const json::Value rows = settings_.json("observables");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const json::Value row = rows.at(i);
      const std::string name = "observables";
      const std::string at = "[" + std::to_string(i) + "]";
      for (std::size_t k = 0; k < row.size(); ++k) {
        const std::string_view key = row.key_at(k);
        if (key == "path" || key == "type" || key == "tags" || key == "ioc") continue;
        fail(name, at + " has an unknown key \"" + printable(key, 40) + "\"",
             "known are path, type, tags and ioc");
      }
      Source source;
      source.path = row["path"].string_text();
      source.data_type = ascii_lower(row["type"].string().value_or("auto"));
      source.ioc = row["ioc"].boolean().value_or(false);
      for (std::size_t k = 0; k < row["tags"].size(); ++k) {
        if (const auto tag = row["tags"].at(k).string()) source.tags.emplace_back(*tag);
      }
      if (!row.is_object() || source.path.empty()) {
        fail(name, at + " needs a path", R"(for example {"path": "data.src", "type": "ip"})");
      }
      if (source.data_type.empty() || source.data_type.size() > thehive::limits::kDataType) {
        fail(name, at + " has a type that is empty or longer than 64 characters");
      }
      o.extra_sources.push_back(std::move(source));
    }
  }

  void types(Options& o) {
    const json::Value table = settings_.json("data_types");
    o.data_types.clear();
    for (std::size_t i = 0; i < table.size(); ++i) {
      const auto type = table.value_at(i).string();
      if (!type || type->empty() || type->size() > thehive::limits::kDataType) {
        fail("data_types", "must map data types to data types",
             R"(for example {"username": "other"})");
        return;
      }
      o.data_types[ascii_lower(table.key_at(i))] = ascii_lower(*type);
    }
  }

  void rule_list(Options& o) {
    rules::Faults faults("/rules");
    o.rules = rules::RuleSet::read(settings_.json("rules"), faults);
    if (faults.none() && o.rules.sets_destination()) {
      std::vector<std::string> known = o.destinations;
      known.emplace_back(rules::kTopLevel);
      o.rules.check_destinations(known, faults);
    }
    report(faults);
  }

  // The first of them, with its place in the file.
  void report(const rules::Faults& faults) {
    if (!error_.ok() || faults.none()) return;
    const rules::Fault& fault = faults.list().front();
    error_ = Status::error(
        ExitCode::usage,
        settings_.place(fault.pointer, fault.offset) + ": " + rules::line_of(fault), fault.hint);
  }

  const config::Settings& settings_;
  Status error_;
};

}  // namespace

// Which alerts are forwarded, and what they are.
static config::Schema alert_keys() {
  return {
      {"min_level", Kind::integer, "0",
       "Alerts below this level are not forwarded; 0: the block's <level> decides", 0, 16},
      {"include", Kind::array, "[]",
       "If not empty, only alerts that one row matches are forwarded: {rule, level, group, agent, "
       "path, equals, glob, regex, cidr}"},
      {"exclude", Kind::array, "[]",
       "Alerts that one row matches are not forwarded; rows as for include"},
      {"presets", Kind::string_list, "[]",
       "Keys that are set together, below those of this file: python-script, wazuh-responder"},
      {"rules", Kind::array, "[]",
       "What single alerts get: a list of {name, match, set, stop}, tried in order"},
      {"rate_cap", Kind::object, "{}",
       "Most alerts with equal fields in one time window: {by, max, per}; the rest is counted and "
       "reported in one summary alert"},
      {"group_by", Kind::string_list, "[]",
       "Alerts that are equal in these fields become one TheHive alert; empty: no grouping"},
      {"group_window", Kind::string, "\"1h\"",
       "Length of the time windows for group_by, 10s to 31d"},
      {"promote", Kind::boolean, "false",
       "Every alert becomes a case at once, from its case_template; rules may set it for some"},
      {"promote_by", Kind::string_list, "[]",
       "Promoted alerts that are equal in these fields go into one open case; empty: each gets its "
       "own"},
      {"severity", Kind::object, R"({"7":1,"10":2,"13":3,"15":4})",
       "Severity (1 to 4) from each level on"},
      {"title", Kind::string, "\"\"",
       "Template of the title; empty: rule.description and, unless named in it, the host"},
      {"description", Kind::string, "\"\"",
       "Template of the description, in Markdown; {description} is the one that is made without"},
      {"type", Kind::string, "\"wazuh_alert\"", "Template of the TheHive alert's type"},
      {"source", Kind::string, "\"wazuh\"", "Template of the TheHive alert's source"},
      {"tags", Kind::string_list, "[\"wazuh\"]", "Templates of tags on every alert"},
      {"built_in_tags", Kind::string_list, R"(["rule","agent","mitre","groups"])",
       "Tags that every alert gets by itself: rule (rule:ID), agent (agent:NAME), mitre, groups"},
      {"tlp", Kind::integer, "2", "TLP: 0 clear, 1 green, 2 amber, 3 amber+strict, 4 red", 0, 4},
      {"pap", Kind::integer, "2", "PAP: 0 clear, 1 green, 2 amber, 3 red", 0, 3},
  };
}

// What an alert holds.
static config::Schema content_keys() {
  return {
      {"observables", Kind::array, "[]", "More observables: {path, type, tags, ioc}"},
      {"find_by_content", Kind::boolean, "true",
       "Values of data that the built-in table does not know, found by what they are"},
      {"free_text", Kind::boolean, "false",
       "Addresses, URLs and hashes inside logs, scripts and commands too, tagged from-text"},
      {"keep_noise", Kind::string_list, "[]",
       "Noise rules that are switched off: own_agent, system_accounts, machine_accounts, "
       "file_owners, group_names, sids, guids, numbers, reverse_dns, private_names, "
       "cloud_services"},
      {"ignore_paths", Kind::string_list, "[]", "Paths of data that are not used"},
      {"ignore_values", Kind::string_list, "[]", "Values that never become observables"},
      {"data_types", Kind::object, R"({"username":"other"})",
       "Data types that the platform lacks, and what to send instead"},
      {"private_addresses",
       Kind::string,
       "\"tag\"",
       "Private addresses: keep, tag or drop",
       0,
       0,
       {"keep", "tag", "drop"}},
      {"max_observables", Kind::integer, "100", "Most observables of one alert", 0, 1000},
      {"agent_observables", Kind::boolean, "false", "Our own machines as observables too"},
      {"procedures", Kind::boolean, "true", "MITRE techniques as procedures"},
      {"external_link", Kind::string, "\"\"", "Template of the link to the alert in Wazuh"},
      {"case_template", Kind::string, "\"\"", "Template of the case template's name"},
      {"custom_fields", Kind::object, "{}", "Custom fields: name to template, or to {value, type}"},
      {"manager_alias", Kind::string, "\"\"", "Replaces manager and node in the reference"},
      {"max_log_chars", Kind::integer, "16384", "Characters of each log in the description", 0,
       500000},
  };
}

config::Schema config_keys() {
  config::Schema keys = alert_keys();
  for (config::Key& key : content_keys()) keys.push_back(std::move(key));
  return keys;
}

Result<Options> options_from(const config::Settings& settings) { return Reader(settings).read(); }

std::optional<std::string> fixed_type(const Options& options) {
  if (!options.type.constant() || options.rules.sets_type()) return std::nullopt;
  return std::string(options.type.literal());
}

std::optional<std::string> fixed_source(const Options& options) {
  if (!options.source.constant() || options.rules.sets_source()) return std::nullopt;
  return std::string(options.source.literal());
}

bool may_promote(const Options& options) { return options.promote || options.rules.promotes(); }

}  // namespace socbridge::mapping
