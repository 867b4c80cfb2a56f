// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"

namespace socbridge::wazuh {

// Version of a Wazuh manager; the allowed content of an <integration> block depends on it.
struct Version {
  int major = 0;
  int minor = 0;
  bool operator==(const Version&) const = default;
  bool operator<(const Version& other) const {
    return major != other.major ? major < other.major : minor < other.minor;
  }
  std::string text() const { return std::to_string(major) + "." + std::to_string(minor); }
};

// "v4.8.0", "4.14", "4.2.7-rc1"; empty if it does not begin with two numbers.
std::optional<Version> parse_version(std::string_view text);

// The version of the manager in that home: from VERSION.json, else from the line VERSION="v4.8.0"
// in bin/wazuh-control (docs/protocols/wazuh.md, "Version of a home"). Runs nothing. Empty if
// neither has it.
std::optional<Version> installed_version(Env& env, const std::string& home);

}  // namespace socbridge::wazuh
