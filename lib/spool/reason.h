// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "spool/spool.h"

namespace socbridge::spool {

// Writes the reason as JSON to `fresh`, then renames it to `path`. Not synced: it is for
// information only.
Status write_reason(Env& env, const std::string& fresh, const std::string& path,
                    const Reason& reason);

// The reason as one JSON object.
std::string reason_json(const Reason& reason);

// Empty if there is no readable reason; `absent` is set if there is certainly none.
std::optional<Reason> read_reason(Env& env, const std::string& path, bool* absent = nullptr);

}  // namespace socbridge::spool
