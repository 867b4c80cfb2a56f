// SPDX-License-Identifier: Apache-2.0
#include "integration/spool_check.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/privileges.h"
#include "base/text.h"
#include "wazuh/home_access.h"

namespace socbridge::integration {

spool::Whose spool_user(Env& env, const std::string& home, const std::string& dir) {
  const auto user = wazuh::home_user(env, home);
  if (user && user->uid != 0) return {user->uid, user->gid, user_label(user->uid), home};
  if (const auto info = env.stat(dir); info.ok()) {
    return {info->uid, info->gid, user_label(info->uid)};
  }
  const User self = effective_user();
  return {self.uid, self.gid, user_label(self.uid)};
}

SpoolCheck check_spool(Env& env, const std::string& home, const Settings& settings) {
  const std::string& dir = settings.spool_dir;
  struct Group {
    SpoolFinding finding;
    std::size_t more = 0;
  };
  std::map<std::pair<bool, std::string>, Group> groups;  // those that stop alerts first
  SpoolCheck out;
  out.seen = spool::inspect(
      env, dir, spool_user(env, home, dir), settings.bounds, [&](const spool::Defect& defect) {
        const auto [at, first] = groups.try_emplace({!defect.stops, defect.problem});
        Group& group = at->second;
        if (!first) {
          ++group.more;
          return;
        }
        const std::string path = defect.path.empty() ? dir : dir + "/" + defect.path;
        group.finding = {defect.problem, defect.stops,
                         defect.detail.find(dir) == std::string::npos
                             ? printable(path, 300) + ": " + defect.detail
                             : defect.detail,
                         defect.cure.empty() ? "run socctl queue fsck as root" : defect.cure};
      });
  for (auto& [key, group] : groups) {
    if (group.more > 0) group.finding.detail += " (and " + std::to_string(group.more) + " more)";
    if (group.more > 0 && key.second != "full") {
      group.finding.next = "run socctl queue fsck as root: it lists and repairs them";
    }
    out.findings.push_back(std::move(group.finding));
  }
  return out;
}

}  // namespace socbridge::integration
