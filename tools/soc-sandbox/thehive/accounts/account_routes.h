// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {

// The answer to a query that begins with `getOrganisation` and goes on with `users`; nothing if it
// is another query.
std::optional<Response> query_users(Context& context);

}  // namespace socbridge::sandbox
