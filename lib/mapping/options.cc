// SPDX-License-Identifier: Apache-2.0
#include "mapping/options.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "config/error_list.h"
#include "mapping/read_options.h"
#include "mapping/template_options.h"
#include "rules/destinations.h"
#include "rules/fault.h"
#include "rules/reading.h"
#include "thehive/alert.h"

namespace socbridge::mapping {
namespace {

using config::Kind;

using Scope = rules::Faults::Scope;

constexpr std::size_t kMostRows = 1000;

// Reads the mapping's keys. After an error it continues with the key's default.
class Reader {
 public:
  explicit Reader(const config::Settings& settings) : settings_(settings) {}

  Options read() {
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
    read_templates(settings_, o, faults_);
    names(o);
    rate_cap(o);
    grouping(o);
    severity(o);
    sources(o);
    types(o);
    const json::Value destinations = settings_.json("destinations");
    for (std::size_t i = 0; i < destinations.size(); ++i) {
      o.destinations.emplace_back(destinations.key_at(i));
    }
    append(faults_);
    filters("include", o.include);
    filters("exclude", o.exclude);
    rule_list(o);
    return o;
  }

  const std::vector<rules::Fault>& faults() const { return all_; }

 private:
  int whole(std::string_view name) const { return static_cast<int>(settings_.integer(name)); }

  void fail(std::string_view key, std::string what, std::string hint = {}) {
    const Scope down(faults_, key);
    faults_.add(std::move(what), std::move(hint), json::kItsName);
  }

  void names(const Options& o) {
    for (const auto& [key, from] : {std::pair("type", &o.type), std::pair("source", &o.source)}) {
      if (!from->constant()) continue;
      const std::string_view value = from->literal();
      if (value.empty() && !settings_.text(key).empty()) continue;  // a template with an error
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
    const Scope down(faults_, "keep_noise");
    const std::vector<std::string> rules = settings_.list("keep_noise");
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (const auto rule = noise_called(rules[i])) {
        o.keep_noise.add(*rule);
        continue;
      }
      const Scope element(faults_, i);
      std::string known;
      for (const std::string_view one : noise_names()) {
        known += (known.empty() ? "" : ", ") + std::string(one);
      }
      faults_.add("there is no noise rule " + quoted(rules[i]), "known are " + known);
    }
  }

  void filters(std::string_view name, std::vector<rules::Filter>& out) {
    const json::Value rows = settings_.json(name);
    rules::Faults faults("/" + std::string(name));  // the limit on expressions is per list
    if (rows.size() > kMostRows) faults.add("has more than 1000 rows", {}, json::kItsName);
    for (std::size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) {
      const Scope down(faults, i);
      out.push_back(rules::Filter::read(rows.at(i), faults));
    }
    append(faults);
  }

  // The paths of a bucket's key.
  std::vector<std::string> paths(json::Value list) {
    constexpr std::size_t kMost = 8;
    std::vector<std::string> out;
    for (std::size_t i = 0; i < list.size(); ++i) {
      out.emplace_back(list.at(i).string_or_empty());
      const Scope element(faults_, i);
      if (out.back().empty()) faults_.add("must be a path, such as rule.id");
    }
    if (out.size() > kMost) faults_.add("has more than 8 paths", {}, json::kItsName);
    return out;
  }

  std::vector<std::string> paths_of(std::string_view key) {
    const Scope down(faults_, key);
    return paths(settings_.json(key));
  }

  std::int64_t window(json::Value value) {
    constexpr std::int64_t kShortest = 10000;
    constexpr std::int64_t kLongest = std::int64_t{31} * 24 * 3600 * 1000;
    const auto ms = parse_duration_ms(value.text());
    if (ms && *ms >= kShortest && *ms <= kLongest) return *ms;
    faults_.add("must be a time from 10s to 31d", "for example \"10m\"");
    return kShortest;
  }

  void rate_cap(Options& o) {
    constexpr std::int64_t kMost = 100000;
    const json::Value cap = settings_.json("rate_cap");
    if (cap.size() == 0) return;
    const std::string example =
        R"(for example {"by": ["rule.id", "agent.id"], "max": 20, "per": "10m"})";
    const Scope down(faults_, "rate_cap");
    rules::read_object(cap, {"by", "max", "per"}, faults_);
    {
      const Scope member(faults_, "max");
      const auto max = cap["max"].integer();
      if (!max || *max < 1 || *max > kMost) faults_.add("must be 1 to 100000", example);
      o.rate_cap.max = static_cast<std::uint64_t>(max.value_or(1));
    }
    {
      const Scope member(faults_, "by");
      const json::Value by = cap["by"];
      if (!by.is_array() || by.size() == 0) faults_.add("must be a list of paths", example);
      if (by.is_array()) o.rate_cap.by = paths(by);
    }
    const Scope member(faults_, "per");
    o.rate_cap.window_ms = window(cap["per"]);
  }

  void grouping(Options& o) {
    o.grouping.by = paths_of("group_by");
    {
      const Scope down(faults_, "group_window");
      o.grouping.window_ms = window(settings_.json("group_window"));
    }
    o.promote = settings_.boolean("promote");
    o.promote_by = paths_of("promote_by");
  }

  void severity(Options& o) {
    const json::Value table = settings_.json("severity");
    if (table.size() == 0) fail("severity", "must have at least one row");
    const Scope down(faults_, "severity");
    std::map<int, int> read;
    json::DuplicateKeyFilter names(table);
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Scope row(faults_, table.key_at(i));
      if (!rules::is_first(names, i, faults_)) continue;
      const auto level = parse_u64(table.key_at(i));
      const auto value = table.value_at(i).integer();
      if (level && *level <= 16 && value && *value >= 1 && *value <= 4) {
        // "7" and "07" are the same level.
        const bool first = read.emplace(static_cast<int>(*level), static_cast<int>(*value)).second;
        if (!first) rules::add_twice(faults_);
        continue;
      }
      faults_.add("must map a level (0 to 16) to a severity (1 to 4)",
                  R"(for example {"7": 1, "10": 2, "13": 3, "15": 4})", json::kItsName);
    }
    if (!read.empty()) o.severity_by_level = std::move(read);
  }

  void sources(Options& o) {
    const json::Value rows = settings_.json("observables");
    const Scope down(faults_, "observables");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Scope element(faults_, i);
      o.extra_sources.push_back(source(rows.at(i)));
    }
  }

  Source source(json::Value row) {
    Source out;
    if (!rules::read_object(row, {"path", "type", "tags", "ioc"}, faults_)) return out;
    out.path = row["path"].string_text();
    if (out.path.empty()) {
      faults_.add("needs a path", R"(for example {"path": "data.src", "type": "ip"})");
    }
    out.data_type = "auto";
    if (!row["type"].missing()) {
      const Scope down(faults_, "type");
      out.data_type = data_type(row["type"]);
    }
    if (!row["ioc"].missing()) {
      const Scope down(faults_, "ioc");
      out.ioc = rules::read_flag(row["ioc"], faults_);
    }
    const Scope down(faults_, "tags");
    const json::Value tags = row["tags"];
    if (!tags.missing() && !tags.is_array()) faults_.add("must be an array of strings");
    for (std::size_t i = 0; tags.is_array() && i < tags.size(); ++i) {
      const Scope element(faults_, i);
      const auto tag = tags.at(i).string();
      if (!tag) faults_.add("must be a string in double quotes");
      out.tags.emplace_back(tag.value_or(""));
    }
    return out;
  }

  std::string data_type(json::Value value, std::string hint = {}) {
    const auto type = value.string();
    if (!type || type->empty() || utf16_length(*type) > thehive::limits::kDataType) {
      faults_.add("must be a data type of 1 to 64 characters", std::move(hint));
      return {};
    }
    return ascii_lower(*type);
  }

  void types(Options& o) {
    const json::Value table = settings_.json("data_types");
    const Scope down(faults_, "data_types");
    o.data_types.clear();
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Scope row(faults_, table.key_at(i));
      std::string type = data_type(table.value_at(i), R"(for example {"username": "other"})");
      // "IP" and "ip" are the same data type.
      const std::string name = ascii_lower(table.key_at(i));
      if (!o.data_types.emplace(name, std::move(type)).second) rules::add_twice(faults_);
    }
  }

  void rule_list(Options& o) {
    rules::Faults faults("/rules");
    o.rules = rules::RuleSet::read(settings_.json("rules"), faults);
    if (o.rules.sets_destination()) {
      std::vector<std::string> known = o.destinations;
      known.emplace_back(rules::kTopLevel);
      o.rules.check_destinations(known, faults);
    }
    append(faults);
  }

  void append(const rules::Faults& faults) {
    all_.insert(all_.end(), faults.list().begin(), faults.list().end());
  }

  const config::Settings& settings_;
  rules::Faults faults_;  // of all keys but the lists of rows and rules
  std::vector<rules::Fault> all_;
};

}  // namespace

// Keys that select alerts and set their members.
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
       "Named sets of keys, overridden by keys of this file: python-script, wazuh-responder"},
      {"rules", Kind::array, "[]",
       "Rules that set values of single alerts: a list of {name, match, set, stop}, tried in "
       "order"},
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
       "Template of the description, in Markdown; {description} is the default text"},
      {"type", Kind::string, "\"wazuh_alert\"", "Template of the TheHive alert's type"},
      {"source", Kind::string, "\"wazuh\"", "Template of the TheHive alert's source"},
      {"tags", Kind::string_list, "[\"wazuh\"]", "Templates of tags on every alert"},
      {"built_in_tags", Kind::string_list, R"(["rule","agent","mitre","groups"])",
       "Built-in tags of every alert: rule (rule:ID), agent (agent:NAME), mitre, groups"},
      {"tlp", Kind::integer, "2", "TLP: 0 clear, 1 green, 2 amber, 3 amber+strict, 4 red", 0, 4},
      {"pap", Kind::integer, "2", "PAP: 0 clear, 1 green, 2 amber, 3 red", 0, 3},
  };
}

// Keys for the content of an alert.
static config::Schema content_keys() {
  return {
      {"observables", Kind::array, "[]", "Additional observables: {path, type, tags, ioc}"},
      {"find_by_content", Kind::boolean, "true",
       "Values of data that the built-in table does not list, detected by content"},
      {"free_text", Kind::boolean, "false",
       "Addresses, URLs and hashes inside logs, scripts and commands too, tagged from-text"},
      {"keep_noise", Kind::string_list, "[]",
       "Noise rules that are switched off: own_agent, system_accounts, machine_accounts, "
       "file_owners, group_names, sids, guids, numbers, reverse_dns, private_names, "
       "cloud_services"},
      {"ignore_paths", Kind::string_list, "[]", "Paths of data that are not used"},
      {"ignore_values", Kind::string_list, "[]", "Values that never become observables"},
      {"data_types", Kind::object, R"({"username":"other"})",
       "Data types that the platform lacks, and their replacements"},
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

Options read_options(const config::Settings& settings, std::vector<Status>& errors) {
  Reader reader(settings);
  Options options = reader.read();
  const std::vector<rules::Fault>& faults = reader.faults();
  const std::size_t count = std::min(faults.size(), config::kMostErrors);
  for (std::size_t i = 0; i < count; ++i) {
    errors.push_back(Status::error(
        ExitCode::usage,
        settings.place(faults[i].pointer, faults[i].offset) + ": " + rules::line_of(faults[i]),
        faults[i].hint));
  }
  if (count < faults.size()) {
    errors.push_back(Status::error(ExitCode::usage, config::kMoreFollow));
  }
  return options;
}

Result<Options> options_from(const config::Settings& settings) {
  std::vector<Status> errors;
  Options options = read_options(settings, errors);
  if (!errors.empty()) return std::move(errors.front());
  return options;
}

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
