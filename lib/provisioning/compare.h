// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace socbridge::provisioning {

// One difference of two JSON texts.
struct Difference {
  std::string path;           // JSON pointer
  std::string there, wanted;  // as JSON, at most 200 characters; there: empty if it is missing
};

// One step of a JSON pointer, with its slash.
std::string pointer_step(std::string_view name);

// Where `there` differs from `wanted`. Members that only `there` has are ignored, but arrays must
// have equal lengths. At most `most` differences.
std::vector<Difference> compare(json::Value wanted, json::Value there, std::size_t most = 50);

}  // namespace socbridge::provisioning
