// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/noise.h"

namespace socbridge::mapping {

// A typed, normalised value; or why there is none.
struct TypedValue {
  std::string_view type;  // as long-lived as the one given, or a literal; empty: dropped
  std::string value;
  bool private_address = false;
  Noise noise = Noise::none;  // left out unless that rule is switched off
  std::string_view dropped;   // reason, e.g. `loopback or reserved address`
};

// Decides by content what a text given as `type` really is: an `ip` that is a name becomes a
// hostname or domain, a `url` that is a path becomes uri_path, and so on. `host` is a machine
// elsewhere: a domain, or a hostname if the name is private or a single label. `hostname` is one of
// a network that knows it by that name.
TypedValue classify(std::string_view type, std::string_view text);

}  // namespace socbridge::mapping
