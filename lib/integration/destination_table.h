// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "config/settings.h"
#include "thehive/client.h"

namespace socbridge::integration {

// The keys that one object of `destinations` may hold; what it does not hold is as at the top.
const config::Schema& destination_schema();

// One object of `destinations`.
struct DestinationRow {
  std::string name;
  config::Settings values;  // its own keys
  std::string url;          // its own or the top's; empty: neither has one
  std::string organisation;
  bool own_url = false;
};

// 1 to 64 letters, digits, dots, hyphens and underscores; not `default`.
bool is_destination_name(std::string_view name);

// Reads `destinations`; opens no file. `top`: where the keys at the top lead. Errors (usage, one
// line each with its place): an empty table, a name that is none, an unknown key, a URL of its own
// without a key of its own, two that lead to the same organisation of the same TheHive, a table in
// `options_origin`, since what is kept of the options beside each alert must hold no key. A row
// with an error is left out.
std::vector<DestinationRow> read_destinations(const config::Settings& values,
                                              const std::string& options_origin,
                                              const thehive::Endpoint& top,
                                              std::vector<Status>& errors);

}  // namespace socbridge::integration
