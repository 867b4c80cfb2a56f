// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/spool_options.h"

#include <utility>

#include "base/text.h"
#include "socctl/common/wazuh_access.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {

void SpoolOptions::add_to(Command& command) {
  command
      .add_option("--spool", flags.dir,
                  "The spool's folder (default: that of custom-w2thive on this machine)")
      ->type_name("DIR");
  command
      .add_option(
          "--config", flags.config_file,
          "Configuration of custom-w2thive (default: etc/w2thive.json under the Wazuh home)")
      ->type_name("FILE");
  command
      .add_option(
          "--ossec-conf", flags.ossec_conf,
          "ossec.conf with the integration's block (default: etc/ossec.conf under the Wazuh "
          "home)")
      ->type_name("FILE");
}

Status no_spool(const std::string& dir) {
  return Status::error(
      ExitCode::failure, "there is no spool at " + printable(dir, 300),
      "custom-w2thive creates it with its first alert; for another one give --spool DIR");
}

Result<OpenSpool> open_spool(Env& env, const SpoolOptions& options, SpoolUse use) {
  const integration::SpoolFlags& flags = options.flags;
  // The owner of a spool named by the operator is the owner of its folder.
  if (!flags.dir.empty()) {
    if (const Status owner = integration::become_owner(env, flags.dir); !owner.ok()) return owner;
  }
  std::vector<std::string> named = {flags.config_file, flags.ossec_conf};
  named.insert(named.end(), options.named.begin(), options.named.end());
  std::erase(named, std::string());
  if (const Status in = enter_wazuh(env, std::move(named)); !in.ok()) return in;
  if (flags.dir.empty() && flags.config_file.empty()) {
    if (const Status in = wazuh::may_enter(env, wazuh::find_home()); !in.ok()) return in;
  }
  auto place = integration::find_spool(env, flags);
  if (!place.ok()) return place.status();
  if (use != SpoolUse::make && !env.stat(place->dir).ok()) {
    return no_spool(place->dir);
  }
  // A spool created below a mistyped home would stay empty, but look valid.
  if (flags.dir.empty() && place->dir.starts_with(place->home + "/") &&
      !env.stat(place->home).ok()) {
    return Status::error(ExitCode::usage, "there is no Wazuh at " + printable(place->home, 300),
                         "give its folder with --wazuh-home DIR, or a spool with --spool DIR");
  }
  if (const Status owner = integration::become_owner(env, place->dir); !owner.ok()) return owner;
  auto spool = use == SpoolUse::read_only ? spool::Spool::open_read_only(env, place->dir)
                                          : spool::Spool::open(env, place->dir);
  if (!spool.ok()) return spool.status();
  return OpenSpool{std::move(*place), std::move(*spool)};
}

}  // namespace socbridge::socctl
