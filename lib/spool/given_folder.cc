// SPDX-License-Identifier: Apache-2.0
#include "spool/given_folder.h"

#include <cerrno>

#include "base/durable_file.h"
#include "base/shell_word.h"
#include "base/trusted_path.h"

namespace socbridge::spool {
namespace {

// Checks the nearest existing parent folder.
bool is_only_roots(const std::string& dir) {
  Trust trust;
  trust.links = Trust::Links::of_root;
  std::string above = folder_of(dir);
  Status safe = check_trusted(above, trust, PathKind::folder);
  while (safe.sys_errno() == ENOENT && above != "/" && above != ".") {
    above = folder_of(above);
    safe = check_trusted(above, trust, PathKind::folder);
  }
  return safe.ok();
}

}  // namespace

bool may_be_spool(const std::string& dir, const std::string& home) {
  if (dir == "/var/spool/w2thive") return true;
  const std::string name = dir.substr(dir.rfind('/') + 1);
  return !home.empty() && folder_of(dir) == home + "/queue" && !name.empty() && name != "." &&
         name != "..";
}

std::string name_own_folder(const std::string& home) {
  return "set spool_dir to " + shell_word(home + "/queue/w2thive");
}

std::string how_to_make(const std::string& dir, const Whose& whose) {
  const std::string command = "install -d -m 0700 -o " + std::to_string(whose.uid) + " -g " +
                              std::to_string(whose.gid) + " -- " + shell_word(dir);
  if (whose.home.empty()) return command;
  const bool is_safe = is_only_roots(dir);
  if (may_be_spool(dir, whose.home)) {
    return is_safe ? command : "run socctl setup wazuh --write --only spool as root";
  }
  return name_own_folder(whose.home) +
         (is_safe ? ", or if it is the right place: " + command : std::string());
}

}  // namespace socbridge::spool
