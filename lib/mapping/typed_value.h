// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/noise.h"

namespace socbridge::mapping {

// A typed, normalised value, or the reason why it was dropped.
struct TypedValue {
  std::string_view type;  // a literal, or lives as long as the argument; empty: dropped
  std::string value;
  bool private_address = false;
  Noise noise = Noise::none;  // dropped unless that rule is switched off
  std::string_view dropped;   // reason, e.g. `loopback or reserved address`
};

// Determines by content the actual type of a text given as `type`: an `ip` that is a name becomes a
// hostname or domain, a `url` that is a path becomes uri_path, and so on. `host` is a remote
// machine: a domain, or a hostname if the name is private or a single label. `hostname` is a
// machine of the local network.
TypedValue classify(std::string_view type, std::string_view text);

}  // namespace socbridge::mapping
