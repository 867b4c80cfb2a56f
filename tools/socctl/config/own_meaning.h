// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "profile/config_file.h"
#include "profile/section.h"
#include "rules/fault.h"

namespace socbridge::socctl {

// One of socctl's own configuration files.
struct OwnFile {
  std::string path;
  profile::ConfigFile content;
};

// A section that holds `json`, with the text of the whole file for places.
profile::Section part_of(const OwnFile& file, const std::string& name, const std::string& json);

// What is right in form may still mean nothing: what the readers of the sections refuse of the
// file, at most `most`. Each reader gives its first mistake, so it gets one part of the section
// after the other; none in which `form` has a mistake. `presets`: those that rules may name.
std::vector<Status> errors_of_meaning(const OwnFile& file, const profile::Section& presets,
                                      const std::vector<rules::Fault>& form, std::size_t most);

}  // namespace socbridge::socctl
