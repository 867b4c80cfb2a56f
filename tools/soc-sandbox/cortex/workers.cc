// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/workers.h"

#include <algorithm>

#include "json/writer.h"

namespace socbridge::sandbox::cortex {
namespace {

struct Item {
  std::string_view analyzer, name, type;
  bool required, multi;
  std::string_view preset;  // JSON, or empty
};

// As recorded from Cortex 4.1 with the catalogue of the Cortex-Analyzers repository.
constexpr Item kItems[] = {
    {"VirusTotal_GetReport", "key", "string", true, false, ""},
    {"VirusTotal_GetReport", "polling_interval", "number", false, false, "60"},
    {"VirusTotal_GetReport", "rescan_hash_older_than_days", "number", false, false, "30"},
    {"VirusTotal_GetReport", "highlighted_antivirus", "string", false, true, ""},
    {"VirusTotal_GetReport", "download_sample", "boolean", false, false, ""},
    {"VirusTotal_GetReport", "download_sample_if_highlighted", "boolean", false, false, ""},
    {"AbuseIPDB", "key", "string", true, false, ""},
    {"AbuseIPDB", "days", "number", false, false, "30"},
    {"URLhaus", "API_Key", "string", true, false, ""},
    {"FileInfo", "manalyze_enable", "boolean", true, false, "false"},
    {"FileInfo", "manalyze_enable_docker", "boolean", false, false, "false"},
    {"FileInfo", "manalyze_enable_binary", "boolean", false, false, "true"},
    {"FileInfo", "manalyze_binary_path", "string", false, false,
     "\"/worker/Manalyze/bin/manalyze\""},
    {"FileInfo", "floss_enable", "boolean", false, false, ""},
};
// Items of every analyzer.
constexpr std::string_view kCommon[] = {
    "check_tlp",  "max_tlp",     "check_pap", "max_pap",    "auto_extract_artifacts",
    "proxy_http", "proxy_https", "cacerts",   "jobTimeout", "jobCache"};

bool is_common(std::string_view name) {
  return std::find(std::begin(kCommon), std::end(kCommon), name) != std::end(kCommon);
}

}  // namespace

std::string definition_json(const Analyzer& analyzer) {
  json::Writer w;
  w.begin_object();
  w.member("id", analyzer.definition);
  w.member("name", analyzer.base);
  w.member("version", analyzer.version);
  w.member("description", analyzer.description);
  w.key("dataTypeList");
  w.begin_array();
  for (const std::string& type : analyzer.data_types) w.value(type);
  w.end_array();
  w.member("author", "socbridge sandbox");
  w.member("url", "https://example.org/" + analyzer.base);
  w.member("license", "Apache-2.0");
  w.member("baseConfig", analyzer.base);
  w.key("configurationItems");
  w.begin_array();
  for (const Item& item : kItems) {
    if (item.analyzer != analyzer.base) continue;
    w.begin_object();
    w.member("name", item.name);
    w.member("description", item.name);
    w.member("type", item.type);
    w.member("multi", item.multi);
    w.member("required", item.required);
    if (!item.preset.empty()) {
      w.key("defaultValue");
      w.raw(item.preset);
    }
    w.end_object();
  }
  w.end_array();
  w.key("dockerImage");
  w.null();
  w.member("command", "run.py");
  w.end_object();
  return std::move(w).take();
}

std::vector<ConfigurationError> check_configuration(const Analyzer& analyzer, json::Value given) {
  std::vector<ConfigurationError> out;
  for (const Item& item : kItems) {
    const json::Value value = given[item.name];
    const bool empty = value.missing() || value.type() == json::Type::null;
    if (item.analyzer == analyzer.base && item.required && empty && item.preset.empty())
      out.push_back({std::string(item.name), "Missing"});
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string_view name = given.key_at(i);
    const bool known = std::any_of(std::begin(kItems), std::end(kItems), [&](const Item& item) {
      return item.analyzer == analyzer.base && item.name == name;
    });
    if (!known && !is_common(name)) out.push_back({std::string(name), "Unknown"});
  }
  return out;
}

std::vector<Analyzer> Workers::of(std::string_view organisation) const {
  const std::lock_guard lock(mutex_);
  std::vector<Analyzer> out;
  for (const Analyzer& one : enabled_) {
    if (one.organisation == organisation) out.push_back(one);
  }
  return out;
}

std::optional<Analyzer> Workers::find(std::string_view organisation, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  for (const Analyzer& one : enabled_) {
    if (one.organisation == organisation && one.id == id) return one;
  }
  return std::nullopt;
}

bool Workers::add(const Analyzer& analyzer) {
  const std::lock_guard lock(mutex_);
  const bool there = std::any_of(enabled_.begin(), enabled_.end(),
                                 [&](const Analyzer& one) { return one.id == analyzer.id; });
  if (!there) enabled_.push_back(analyzer);
  return !there;
}

void Workers::replace(const Analyzer& analyzer) {
  const std::lock_guard lock(mutex_);
  for (Analyzer& one : enabled_) {
    if (one.id == analyzer.id) one = analyzer;
  }
}

void Workers::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  enabled_.erase(std::remove_if(enabled_.begin(), enabled_.end(),
                                [&](const Analyzer& one) { return one.id == id; }),
                 enabled_.end());
}

}  // namespace socbridge::sandbox::cortex
