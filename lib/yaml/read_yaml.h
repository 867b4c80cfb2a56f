// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::yaml {

enum class Scalars {
  texts,  // each scalar is a text
  typed,  // plain scalars as in YAML 1.2's core schema: null, booleans, decimal numbers
};

// The first document of a YAML text (or of JSON), as JSON. Errors (bad_input): not YAML, with line
// and column; nested deeper than 64; larger than 16 MiB with its aliases expanded; keys that are
// not texts.
Result<json::Document> read(std::string_view text, Scalars scalars = Scalars::texts);

}  // namespace socbridge::yaml
