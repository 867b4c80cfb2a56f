// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/wazuh_access.h"

#include <unistd.h>

#include <utility>

#include "base/privileged_files.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {

Status enter_wazuh(Env& env, std::vector<std::string> named, const std::string& output) {
  if (::geteuid() != 0) return {};
  const std::string home = wazuh::find_home();
  if (Status safe = wazuh::check_home(env, home); !safe.ok()) return safe;
  const auto user = wazuh::home_user(env, home);
  if (!user || user->uid == 0) return {};
  std::erase(named, std::string());
  if (!named.empty() || !output.empty()) {
    if (Status kept = keep_files({std::move(named), output}); !kept.ok()) return kept;
  }
  return become_user(*user);
}

}  // namespace socbridge::socctl
