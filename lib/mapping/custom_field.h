// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mapping/options.h"

namespace socbridge::mapping {

struct CustomFieldValue {
  std::string json;   // a JSON scalar; empty: the field is not sent
  std::string error;  // why an existing value is not sent, one line
};

// The value of a custom field for an alert, converted to its type. TheHive's fields take one value:
// a string field joins the texts of a list with ", "; any other type accepts only a list of one. A
// date is milliseconds since 1970; it may be given so, in seconds or in ISO 8601.
CustomFieldValue custom_field_value(const CustomFieldSource& source, const rules::Subject& subject);

}  // namespace socbridge::mapping
