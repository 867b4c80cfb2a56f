// SPDX-License-Identifier: Apache-2.0
#include "integration/block_routes.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "wazuh/command_line.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {
namespace {

std::string place_of(const std::string& path, std::size_t line) {
  return printable(path, 300) + ":" + std::to_string(line);
}

Loaded load_block(Env& env, const RouteSources& from, const wazuh::IntegrationBlock& block) {
  Sources sources;
  sources.home = from.home;
  sources.config_file = from.config_file;
  sources.options_json = block.options;
  sources.options_origin = "<options>";
  if (const auto call = wazuh::invocation_of(block)) {
    sources.hook_url = call->hook_url;
    sources.key = call->key;
  }
  return load(env, sources);
}

}  // namespace

bool is_ours(const wazuh::IntegrationBlock& block) {
  return block.name.starts_with("custom-w2thive");
}

Result<std::vector<BlockRoute>> block_routes(Env& env, const RouteSources& sources) {
  std::vector<BlockRoute> routes;
  const auto conf = wazuh::read_ossec_conf(env, sources.ossec_conf);
  if (!conf.ok()) {
    const int reason = conf.status().sys_errno();
    if (reason == ENOENT || reason == ENOTDIR) return routes;
    return Status::error(ExitCode::usage, conf.status().message(), conf.status().hint());
  }
  if (!conf->refusals.empty()) {
    const wazuh::ConfRefusal& first = conf->refusals.front();
    return Status::error(ExitCode::usage,
                         place_of(sources.ossec_conf, first.line) + ": " + first.message,
                         first.next);
  }
  for (const wazuh::IntegrationBlock& block : conf->blocks) {
    if (!is_ours(block)) continue;
    routes.push_back({place_of(sources.ossec_conf, block.line), wazuh::BlockFilter(block),
                      load_block(env, sources, block)});
  }
  return routes;
}

std::vector<Settings> settings_of_blocks(Env& env, const RouteSources& sources,
                                         const Loaded& otherwise) {
  std::vector<Settings> all;
  const auto blocks = wazuh::read_integrations(env, sources.ossec_conf);
  if (blocks.ok()) {
    for (const wazuh::IntegrationBlock& block : *blocks) {
      if (!is_ours(block)) continue;
      Settings settings = load_block(env, sources, block).settings;
      const bool known = std::any_of(all.begin(), all.end(), [&](const Settings& one) {
        return one.spool_dir == settings.spool_dir && one.log_file == settings.log_file;
      });
      if (!known) all.push_back(std::move(settings));
    }
  }
  if (all.empty()) all.push_back(otherwise.settings);
  return all;
}

void apply_block_level(Env& env, const std::string& ossec_conf, Loaded& loaded) {
  if (loaded.values.origin("min_level") != "default") return;
  const auto blocks = wazuh::read_integrations(env, ossec_conf);
  if (!blocks.ok()) return;
  constexpr std::uint32_t kNone = 17;  // above the highest level
  std::uint32_t lowest = kNone + 1;
  std::string place;
  for (const wazuh::IntegrationBlock& block : *blocks) {
    if (!is_ours(block)) continue;
    const std::uint32_t level = std::min(wazuh::BlockFilter(block).level(), kNone);
    if (level >= lowest) continue;
    lowest = level;
    place = place_of(ossec_conf, block.line_of("level"));
  }
  if (place.empty()) return;
  loaded.settings.mapping.min_level = static_cast<int>(lowest);
  loaded.settings.mapping.min_level_from = "the block's <level> (" + place + ")";
  loaded.values.add_number("min_level", lowest, "<level> of " + place);
}

}  // namespace socbridge::integration
