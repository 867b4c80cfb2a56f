// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mapping/options.h"

namespace socbridge::mapping {

struct CustomFieldValue {
  std::string json;   // a JSON scalar; empty: the field is not sent
  std::string error;  // why a value that is there is not sent, one line
};

// The value of a custom field for an alert, as its type allows: TheHive's fields take one value, so
// of a list the texts are joined by ", " for a string, and any other type takes a list of one only.
// A date is milliseconds since 1970 and may be written as such, in seconds or as ISO 8601.
CustomFieldValue custom_field_value(const CustomFieldSource& source, const rules::Subject& subject);

}  // namespace socbridge::mapping
