// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "config/settings.h"
#include "json/writer.h"

namespace socbridge::config {

// JSON Schema (draft 2020-12) of the value of a key, as JSON text; empty if any value of its kind
// is allowed. For a key with rows: the constraints in addition to them.
using NestedSchema = std::string_view (*)(std::string_view key);

// Writes the schema of an object with the keys of the table and no others: kinds, ranges, choices,
// defaults and the line of documentation of each. A string with choices allows nothing else; a
// choice that looks like a number may also be a JSON number. `nested` is called for the keys of
// rows too.
void write_object_schema(json::Writer& writer, const Schema& schema, NestedSchema nested = nullptr);

}  // namespace socbridge::config
