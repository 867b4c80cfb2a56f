// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {

// The answer to a query that begins with `getOrganisation` and `users`; empty for any other query.
std::optional<Response> query_users(Context& context);

}  // namespace socbridge::sandbox
