// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "config/settings.h"
#include "json/value.h"
#include "profile/profile.h"

namespace socbridge::profile {

// Sections of socctl's configuration that do not describe a product, such as "analysis" or
// "presets". Their readers define the content. The names are listed here so that every reader of
// the file detects misspelt ones.
const std::vector<std::string_view>& section_names();

struct Section {
  std::string name, path;  // path is empty if no file has the section
  std::string text;        // of the complete file
  json::Document document;

  bool found() const { return !path.empty(); }
  json::Value value() const { return document.root()[name]; }
  // "path:line:column" of a member, for error messages. `dotted`: path relative to the section;
  // empty: the section itself.
  std::string where(std::string_view dotted = {}) const;
};

// The section in the first file that has it: the file of --profile, or
// ~/.config/socctl/config.json, then /etc/socctl/config.json. The same checks as for products (not
// JSON, writable for others).
Result<Section> find_section(Env& env, std::string_view name, const Flags& flags,
                             const SystemPaths& system);

// Checks an object of the section (at the dotted path in it; empty: the section itself) against a
// schema: unknown keys with the nearest name, wrong kinds, ranges and choices, each with its
// position. Errors: usage.
Status check_object(const Section& section, std::string_view dotted, json::Value object,
                    const config::Schema& schema);

// Names of analyzers under a common name: from the section "presets",
//   "presets": { "reputation": ["VirusTotal_GetReport", "AbuseIPDB"] }
// or from cortex::preset(). Unknown: usage with the nearest name.
Result<std::vector<std::string>> find_preset(Env& env, std::string_view name, const Flags& flags,
                                             const SystemPaths& system);

// The same from a section "presets", which may be empty.
Result<std::vector<std::string>> read_preset(const Section& section, std::string_view name);

// Folder of socctl's state files: SOCCTL_STATE_DIR; /var/lib/socctl for root;
// $XDG_STATE_HOME/socctl or $HOME/.local/state/socctl. Does not create it.
std::string state_dir(const SystemPaths& system);

}  // namespace socbridge::profile
