// SPDX-License-Identifier: Apache-2.0
#include "integration/spool_location.h"

#include <grp.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "base/text.h"
#include "integration/settings.h"
#include "wazuh/invocation.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::integration {
namespace {

// The spools of the blocks that run one of our executables.
std::set<std::string> spools_of_blocks(Env& env, const SpoolLocation& place) {
  std::set<std::string> dirs;
  const auto blocks = wazuh::read_integrations(env, place.ossec_conf);
  if (!blocks.ok()) return dirs;
  for (const wazuh::IntegrationBlock& block : *blocks) {
    if (!std::string_view(trim(block.name)).starts_with("custom-w2thive")) continue;
    Sources sources;
    sources.home = place.home;
    sources.config_file = place.config_file;
    sources.options_json = block.options;
    sources.options_origin = "<options>";
    dirs.insert(load(env, sources).settings.spool_dir);
  }
  return dirs;
}

}  // namespace

Result<SpoolLocation> find_spool(Env& env, const SpoolFlags& flags) {
  SpoolLocation place;
  place.home = wazuh::find_home();
  place.config_file =
      flags.config_file.empty() ? place.home + "/etc/w2thive.json" : flags.config_file;
  place.ossec_conf = flags.ossec_conf.empty() ? place.home + "/etc/ossec.conf" : flags.ossec_conf;
  for (const std::string& named : {flags.config_file, flags.ossec_conf}) {
    if (named.empty()) continue;
    if (const auto info = env.stat(named); !info.ok()) {
      return Status::error(ExitCode::usage, info.status().message());
    }
  }
  place.dir = flags.dir;
  if (!place.dir.empty()) return place;
  const std::set<std::string> dirs = spools_of_blocks(env, place);
  if (dirs.size() > 1) {
    std::string list;
    for (const std::string& dir : dirs) list += (list.empty() ? "" : ", ") + printable(dir);
    return Status::error(ExitCode::usage, "there are several spools: " + list,
                         "name one with --spool");
  }
  if (dirs.size() == 1) {
    place.dir = *dirs.begin();
    return place;
  }
  Sources sources;
  sources.home = place.home;
  sources.config_file = place.config_file;
  const Loaded loaded = load(env, sources);
  // Errors of the connection to TheHive do not affect the spool.
  if (!loaded.common_errors.empty()) return loaded.common_errors.front();
  place.dir = loaded.settings.spool_dir;
  return place;
}

Status become_owner(Env& env, const std::string& dir) {
  if (::geteuid() != 0) return {};
  const auto info = env.stat(dir);
  if (!info.ok() || info->uid == 0) return {};
  const gid_t group = info->gid;
  if (::setgroups(1, &group) == 0 && ::setresgid(group, group, group) == 0 &&
      ::setresuid(info->uid, info->uid, info->uid) == 0) {
    return {};
  }
  return Status::error(ExitCode::failure,
                       "cannot become user " + std::to_string(info->uid) + ", to whom the spool " +
                           printable(dir) + " belongs",
                       "run this as that user");
}

}  // namespace socbridge::integration
