#pragma once

#include <string>
#include <string_view>

#include "base/env.h"

namespace socbridge::health {

// Replaces the file at once (a new one beside it, then rename), so that a reader such as the
// textfile collector never sees half of it. Mode 0644 less the umask. Not synced: it can be made
// again.
Status write_file(Env& env, const std::string& path, std::string_view text);

}  // namespace socbridge::health
