// SPDX-License-Identifier: Apache-2.0
#include "integration/settings_lookup.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "integration/redacted_invocation.h"
#include "mapping/mapping.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {
namespace {

const wazuh::IntegrationBlock* choose(const std::vector<wazuh::IntegrationBlock>& blocks,
                                      const spool::Entry& entry) {
  const wazuh::IntegrationBlock* same_url = nullptr;
  const wazuh::IntegrationBlock* same_name = nullptr;
  int named = 0;
  for (const wazuh::IntegrationBlock& block : blocks) {
    if (trim(block.name) != entry.integration) continue;
    ++named;
    same_name = &block;
    if (url_for_spool(trim(block.hook_url)) != entry.hook_url) continue;
    const std::string options = options_for_spool(block.options, schema(), block.api_key);
    if (options == entry.options) return &block;
    if (same_url == nullptr) same_url = &block;
  }
  if (same_url != nullptr) return same_url;
  return named == 1 ? same_name : nullptr;
}

// An entry as it would be accepted now.
spool::Entry fresh_entry() {
  spool::Entry entry;
  entry.integration = "custom-w2thive";
  return entry;
}

std::string block_name(const spool::Entry& entry) {
  return entry.integration + "\n" + entry.hook_url + "\n" + entry.options;
}

// The settings, or the first of the errors.
Result<std::shared_ptr<const Settings>> answer_of(const std::vector<Status>& errors,
                                                  Settings settings) {
  if (!errors.empty()) return errors.front();
  return std::shared_ptr<const Settings>(std::make_shared<Settings>(std::move(settings)));
}

}  // namespace

SettingsLookup::SettingsLookup(Env& env, std::string home, std::string config_file,
                               std::string ossec_conf)
    : env_(env),
      home_(std::move(home)),
      config_file_(config_file.empty() ? home_ + "/etc/w2thive.json" : std::move(config_file)),
      ossec_conf_(ossec_conf.empty() ? home_ + "/etc/ossec.conf" : std::move(ossec_conf)) {}

SettingsLookup::Stamp SettingsLookup::stamp(const std::string& path) const {
  const auto info = env_.stat(path);
  if (!info.ok()) return {};
  return {info->size, info->inode, info->mtime_ms};
}

void SettingsLookup::watch(const std::string& path) { watched_.try_emplace(path, stamp(path)); }

bool SettingsLookup::refresh() {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool changed = false;
  for (const auto& [path, seen] : watched_) changed = changed || stamp(path) != seen;
  if (changed) forget_all();
  return changed;
}

void SettingsLookup::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  forget_all();
}

void SettingsLookup::forget_all() {
  watched_.clear();
  known_.clear();
  known_for_intake_.clear();
}

Sources SettingsLookup::sources_for(const spool::Entry& entry) {
  Sources sources;
  sources.home = home_;
  sources.config_file = config_file_;
  sources.hook_url = entry.hook_url;
  sources.options_json = entry.options;
  sources.options_origin = "<options>";
  watch(config_file_);
  watch(ossec_conf_);
  const auto blocks = wazuh::read_integrations(env_, ossec_conf_);
  if (!blocks.ok()) return sources;
  const wazuh::IntegrationBlock* block = choose(*blocks, entry);
  if (block == nullptr) return sources;
  sources.hook_url = std::string(trim(block->hook_url));
  sources.key = block->api_key;
  if (!trim(block->options).empty()) sources.options_json = block->options;
  return sources;
}

Result<std::shared_ptr<const Settings>> SettingsLookup::of(const spool::Entry& entry) {
  const std::string name = block_name(entry) + "\n" + entry.destination;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto found = known_.find(name); found != known_.end()) return found->second;
  const Loaded loaded = load(env_, sources_for(entry));
  const bool undecided = entry.destination == spool::kUndecided;
  DestinationSettings found = settings_for(loaded, undecided ? "" : entry.destination);
  if (!found.key_file.empty()) watch(found.key_file);
  return known_.emplace(name, answer_of(found.errors, std::move(found.settings))).first->second;
}

Result<std::vector<std::string>> SettingsLookup::destinations_of(const spool::Entry& entry) {
  if (entry.destination != spool::kUndecided) return std::vector{entry.destination};
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto settings = intake_settings(entry);
  if (!settings.ok()) return settings.status();
  const auto alert = wazuh::Alert::parse(entry.alert);
  if (!alert.ok()) return std::vector<std::string>{""};
  return mapping::destinations_of(*alert, (*settings)->mapping).names;
}

Result<std::shared_ptr<const Settings>> SettingsLookup::for_intake(const spool::Entry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return intake_settings(entry);
}

Result<std::shared_ptr<const Settings>> SettingsLookup::intake_settings(const spool::Entry& entry) {
  const std::string name = block_name(entry);
  if (const auto found = known_for_intake_.find(name); found != known_for_intake_.end()) {
    return found->second;
  }
  Loaded loaded = load(env_, sources_for(entry));
  auto answer = answer_of(loaded.common_errors, std::move(loaded.settings));
  return known_for_intake_.emplace(name, std::move(answer)).first->second;
}

bool SettingsLookup::has_destinations() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !load(env_, sources_for(fresh_entry())).destinations.empty();
}

std::vector<DestinationSettings> SettingsLookup::all() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Loaded loaded = load(env_, sources_for(fresh_entry()));
  std::vector<std::string> names = {""};
  for (const DestinationRow& row : loaded.destinations) names.push_back(row.name);
  std::vector<DestinationSettings> out;
  for (const std::string& name : names) out.push_back(settings_for(loaded, name));
  return out;
}

std::vector<std::shared_ptr<const Settings>> SettingsLookup::all_usable() {
  std::vector<std::shared_ptr<const Settings>> out;
  for (DestinationSettings& one : all()) {
    if (one.errors.empty()) out.push_back(std::make_shared<Settings>(std::move(one.settings)));
  }
  return out;
}

}  // namespace socbridge::integration
