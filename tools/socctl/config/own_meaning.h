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

// A section with the content `json`, and the text of the complete file for positions.
profile::Section part_of(const OwnFile& file, const std::string& name, const std::string& json);

// Errors in files of correct form: what the parsers of the sections refuse, at most `most` errors.
// Each parser reports only its first error, so it gets one part of the section at a time; parts
// with an error in `form` are skipped. `presets`: those that rules may name.
std::vector<Status> errors_of_meaning(const OwnFile& file, const profile::Section& presets,
                                      const std::vector<rules::Fault>& form, std::size_t most);

}  // namespace socbridge::socctl
