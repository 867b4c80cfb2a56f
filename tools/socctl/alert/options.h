// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"
#include "profile/profile.h"
#include "socctl/common/command_line.h"

namespace socbridge::socctl {

// Options shared by the verbs of `alert` and `config`: which alerts, which mapping, which TheHive.
struct MappingFlags {
  std::string config_file;   // default: HOME/etc/w2thive.json
  std::string options_file;  // content of an <options> element
  void add_to(Command& command);
  // The named files and `more`, for enter_wazuh(), which keeps them readable.
  std::vector<std::string> named(std::vector<std::string> more = {}) const;
  // Settings as custom-w2thive would load them. Errors of the files are in Loaded::errors. If
  // min_level is not set, it is the lowest <level> of the blocks in `ossec_conf` (default:
  // HOME/etc/ossec.conf).
  Result<integration::Loaded> load(Env& env, const std::string& ossec_conf = {}) const;
};

struct TargetFlags {
  profile::Flags flags;
  void add_to(Command& command);
};

// Applies a resolved endpoint to the settings.
void apply_endpoint(const profile::Endpoint& endpoint, integration::Settings& settings);

// First error of a Loaded as a Status, or success.
Status first_error(const integration::Loaded& loaded);

}  // namespace socbridge::socctl
