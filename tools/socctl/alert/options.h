// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"
#include "profile/profile.h"
#include "socctl/common/command_line.h"

namespace socbridge::socctl {

// Options that the verbs of `alert` and `config` share: which alerts, which mapping, which TheHive.
struct MappingFlags {
  std::string config_file;   // default: HOME/etc/w2thive.json
  std::string options_file;  // content of an <options> element
  void add_to(Command& command);
  // The named files, with `more`: what enter_wazuh() keeps readable.
  std::vector<std::string> named(std::vector<std::string> more = {}) const;
  // Settings as custom-w2thive would load them. Errors of the files are in Loaded::errors.
  // Without a min_level of their own the lowest <level> of the blocks in `ossec_conf` (default:
  // HOME/etc/ossec.conf) takes its place.
  Result<integration::Loaded> load(Env& env, const std::string& ossec_conf = {}) const;
};

struct TargetFlags {
  profile::Flags flags;
  void add_to(Command& command);
};

// Points settings at an endpoint that was resolved.
void aim_at(const profile::Endpoint& endpoint, integration::Settings& settings);

// First error of a Loaded as a Status, or success.
Status first_error(const integration::Loaded& loaded);

}  // namespace socbridge::socctl
