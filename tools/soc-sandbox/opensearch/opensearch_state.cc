// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opensearch/opensearch_state.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"

namespace socbridge::sandbox {
namespace {

constexpr std::string_view kWatermark = "cluster.routing.allocation.disk.watermark.";
constexpr const char* kCreateIndex = "cluster.blocks.create_index";

// Blocks by their number, as OpenSearch 2.19.6 describes them.
struct Block {
  std::string_view id, description, levels;
};
constexpr std::array<Block, 8> kBlocks = {{
    {"4", "index closed", R"(["read","write"])"},
    {"5", "index read-only (api)", R"(["write","metadata_write"])"},
    {"6", "cluster read-only (api)", R"(["write","metadata_write"])"},
    {"7", "index read (api)", R"(["read"])"},
    {"8", "index write (api)", R"(["write"])"},
    {"10", "cluster create-index blocked (api)", R"(["create_index"])"},
    {"12", "disk usage exceeded flood-stage watermark, index has read-only-allow-delete block",
     R"(["write","metadata_write"])"},
    {"13", "cluster read-only / allow delete (api)", R"(["write","metadata_write"])"},
}};

void write_blocks(json::Writer& w, const std::vector<std::string>& ids) {
  w.begin_object();
  for (const std::string& id : ids) {
    for (const Block& block : kBlocks) {
      if (block.id != id) continue;
      w.key(id);
      w.begin_object();
      w.member("description", block.description);
      w.member("retryable", false);
      w.key("levels");
      w.raw(block.levels);
      w.end_object();
    }
  }
  w.end_object();
}

std::string with_today(std::string name) {
  constexpr std::string_view kToday = "{today}";
  if (const std::size_t at = name.find(kToday); at != std::string::npos) {
    std::string day = format_utc(wall_now_ms()).substr(0, 10);
    std::replace(day.begin(), day.end(), '-', '.');
    name.replace(at, kToday.size(), day);
  }
  return name;
}

std::int64_t number_of(json::Value value, std::int64_t otherwise) {
  return value.integer().value_or(otherwise);
}

// Writes the settings from `at` on that begin with `prefix` as nested objects. If a name is both a
// value and the prefix of longer names, those keep their dotted form, like in OpenSearch.
void write_nested(json::Writer& w, std::map<std::string, std::string>::const_iterator& at,
                  std::map<std::string, std::string>::const_iterator end,
                  const std::string& prefix) {
  w.begin_object();
  std::set<std::string> values;
  while (at != end && at->first.starts_with(prefix)) {
    const std::string rest = at->first.substr(prefix.size());
    const std::string head = rest.substr(0, rest.find('.'));
    if (head.size() == rest.size() || values.contains(head)) {
      values.insert(rest);
      w.member(rest, at->second);
      ++at;
    } else {
      w.key(head);
      write_nested(w, at, end, prefix + head + ".");
    }
  }
  w.end_object();
}

}  // namespace

std::vector<OpenSearchIndex> OpenSearchState::indices() const {
  constexpr std::int64_t kMs = 1000;
  const json::Value all = facts_["indices"];
  std::vector<OpenSearchIndex> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const json::Value given = all.at(i);
    OpenSearchIndex index;
    index.name = with_today(given["name"].text());
    index.health = given["health"].text();
    index.documents = number_of(given["docs"], 0);
    index.newest_ms = wall_now_ms() - kMs * number_of(given["age_s"], 0);
    index.created_ms = wall_now_ms() - kMs * number_of(given["created_s"], 0);
    index.shards = number_of(given["shards"], index.shards);
    index.replicas = number_of(given["replicas"], 0);
    index.unassigned = number_of(given["unassigned"], 0);
    index.failed = number_of(given["failed_shards"], 0);
    out.push_back(std::move(index));
  }
  return out;
}

OpenSearchState::Flat OpenSearchState::layer(std::string_view name) const {
  Flat out;
  const json::Value given = facts_["settings"][name];
  for (std::size_t i = 0; i < given.size(); ++i) {
    out[std::string(given.key_at(i))] = given.value_at(i).text();
  }
  return out;
}

OpenSearchState::Flat OpenSearchState::default_settings() const {
  Flat out = {{"cluster.routing.allocation.disk.threshold_enabled", "true"},
              {std::string(kWatermark) + "enable_for_single_data_node", "false"},
              {"cluster.routing.allocation.disk.include_relocations", "true"},
              {"cluster.routing.allocation.disk.reroute_interval", "60s"},
              {kCreateIndex, "false"},
              {std::string(kCreateIndex) + ".auto_release", "true"},
              {"cluster.blocks.read_only", "false"},
              {"cluster.blocks.read_only_allow_delete", "false"},
              {"cluster.max_shards_per_node", "1000"}};
  const json::Value marks = facts_["watermarks"];
  for (std::size_t i = 0; i < marks.size(); ++i) {
    out[std::string(kWatermark) + std::string(marks.key_at(i))] = marks.value_at(i).text();
  }
  return out;
}

std::string OpenSearchState::setting(const std::string& name) const {
  for (const Flat& settings : {layer("transient"), layer("persistent"), default_settings()}) {
    if (const auto it = settings.find(name); it != settings.end()) return it->second;
  }
  return {};
}

// The facts give the used share of a disk of 100 GB.
bool OpenSearchState::passed(std::string_view mark) const {
  constexpr double kAll = 100.0, kGigabytes = 1e9, kKilo = 1024.0;
  if (setting("cluster.routing.allocation.disk.threshold_enabled") == "false") return false;
  const std::string text = ascii_lower(setting(std::string(kWatermark) + std::string(mark)));
  const double used = facts_["disk_used_percent"].number().value_or(0);
  char* unit = nullptr;
  double value = std::strtod(text.c_str(), &unit);
  if (*unit == '%') return used > value;
  if (*unit == '\0') return used > value * kAll;
  for (const char letter : std::string_view("kmgtp")) {
    if (*unit == 'b') break;
    value *= kKilo;
    if (*unit == letter) break;
  }
  return (kAll - used) * kGigabytes < value;
}

std::string OpenSearchState::settings_json(bool flat, bool defaults) const {
  Flat persistent = layer("persistent");
  const Flat transient = layer("transient");
  const std::vector<std::string> blocks = cluster_blocks();
  if (std::find(blocks.begin(), blocks.end(), "10") != blocks.end()) {
    persistent[kCreateIndex] = "true";
  }
  Flat otherwise = default_settings();
  for (const Flat& set : {persistent, transient}) {
    for (const auto& [name, value] : set) otherwise.erase(name);
  }
  json::Writer w;
  w.begin_object();
  const auto write = [&](const char* name, const Flat& settings) {
    w.key(name);
    if (!flat) {
      auto at = settings.begin();
      write_nested(w, at, settings.end(), "");
      return;
    }
    w.begin_object();
    for (const auto& [key, value] : settings) w.member(key, value);
    w.end_object();
  };
  write("persistent", persistent);
  write("transient", transient);
  if (defaults) write("defaults", otherwise);
  w.end_object();
  return std::move(w).take();
}

std::map<std::string, std::vector<std::string>> OpenSearchState::index_blocks() const {
  std::map<std::string, std::vector<std::string>> out;
  const json::Value given = facts_["blocks"]["indices"];
  for (std::size_t i = 0; i < given.size(); ++i) {
    const json::Value ids = given.value_at(i);
    std::vector<std::string>& list = out[with_today(std::string(given.key_at(i)))];
    for (std::size_t k = 0; k < ids.size(); ++k) list.push_back(ids.at(k).text());
  }
  if (passed("flood_stage")) {
    for (const OpenSearchIndex& index : indices()) out[index.name].push_back("12");
  }
  return out;
}

std::vector<std::string> OpenSearchState::cluster_blocks() const {
  std::vector<std::string> out;
  const json::Value given = facts_["blocks"]["global"];
  for (std::size_t i = 0; i < given.size(); ++i) {
    out.push_back(given.at(i).text());
  }
  if (passed("high")) out.emplace_back("10");  // the only node is over it, so all are
  return out;
}

std::string OpenSearchState::blocks_json() const {
  const auto global = cluster_blocks();
  const auto by_index = index_blocks();
  json::Writer w;
  w.begin_object();
  w.member("cluster_name", "wazuh-cluster");
  w.member("cluster_uuid", "bU9xJ2mQTqS1dYk3r7vN5w");
  w.key("blocks");
  w.begin_object();
  if (!global.empty()) {
    w.key("global");
    write_blocks(w, global);
  }
  if (!by_index.empty()) {
    w.key("indices");
    w.begin_object();
    for (const auto& [name, ids] : by_index) {
      w.key(name);
      write_blocks(w, ids);
    }
    w.end_object();
  }
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

bool OpenSearchState::refuses_reads(std::string_view index) const {
  const auto blocks = index_blocks();
  const auto it = blocks.find(std::string(index));
  return it != blocks.end() &&
         std::find(it->second.begin(), it->second.end(), "7") != it->second.end();
}

}  // namespace socbridge::sandbox
