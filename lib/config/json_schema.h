// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "config/settings.h"
#include "json/writer.h"

namespace socbridge::config {

// JSON Schema (draft 2020-12) of the value of a key, as JSON text; empty if it may hold anything of
// its kind. Of a key with rows it is what is asked beside them.
using NestedSchema = std::string_view (*)(std::string_view key);

// Writes the schema of an object with the keys of the table and no others: kinds, ranges, choices,
// defaults and the line that documents each. Strings that take a choice take no other text; one
// that looks like a number also as that. `nested` holds for rows too.
void write_object_schema(json::Writer& writer, const Schema& schema, NestedSchema nested = nullptr);

}  // namespace socbridge::config
