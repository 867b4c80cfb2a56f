// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {

// Validates and stores a new alert with its children; `v0` reads the old form. Returns its id.
struct Created {
  Id id = 0;
  std::optional<ApiError> error;
};
Created create_alert(Context& context, bool v0);

Response remove_alert(Context& context);
// Adds the alert of the first capture to the case of the second.
Response merge_alert(Context& context);

// The id of the alert or case in the first capture, as a parent.
Parent alert_parent(const Tables& tables, const std::string& name);
Parent case_parent(const Tables& tables, const std::string& name);
// 404 "Alert ~123 not found"; version 4 omits the name.
ApiError no_such(const Context& context, std::string_view kind, const std::string& name);

}  // namespace socbridge::sandbox
