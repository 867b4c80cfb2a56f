// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::yaml {

enum class Scalars {
  texts,  // each is a text, whatever it looks like
  typed,  // plain ones are what YAML 1.2's core schema says: null, booleans, decimal numbers
};

// The first document of a YAML text, JSON included, as JSON. Errors (bad_input): not YAML with line
// and column, nested deeper than 64, larger than 16 MiB once its aliases are followed, keys that
// are no texts.
Result<json::Document> read(std::string_view text, Scalars scalars = Scalars::texts);

}  // namespace socbridge::yaml
