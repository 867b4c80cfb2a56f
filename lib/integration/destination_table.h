// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "config/settings.h"
#include "thehive/client.h"

namespace socbridge::integration {

// The keys of one object of `destinations`; absent keys have the top-level values.
const config::Schema& destination_schema();

// One object of `destinations`.
struct DestinationRow {
  std::string name;
  config::Settings values;  // its own keys
  std::string url;          // its own or the top-level one; empty: neither exists
  std::string organisation;
  bool own_url = false;
};

// 1 to 64 letters, digits, dots, hyphens and underscores; not `default`.
bool is_destination_name(std::string_view name);

// Reads `destinations`; opens no file. `top`: the target of the top-level keys. Errors (usage, one
// line each with its position): an empty table, an invalid name, an unknown key, a URL without a
// key, two with the same organisation of the same TheHive, a table in `options_origin` (the options
// stored with each alert must not have keys). A row with an error is left out.
std::vector<DestinationRow> read_destinations(const config::Settings& values,
                                              const std::string& options_origin,
                                              const thehive::Endpoint& top,
                                              std::vector<Status>& errors);

}  // namespace socbridge::integration
