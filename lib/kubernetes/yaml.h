// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::kubernetes {

// The first document of a YAML text as JSON; scalars are texts, whatever they look like. Errors
// (bad_input): not YAML with line and column, nested deeper than 64, larger than 16 MiB once its
// aliases are followed, keys that are no texts.
Result<json::Document> read_yaml(std::string_view text);

}  // namespace socbridge::kubernetes
