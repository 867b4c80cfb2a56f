#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::enrich {

// Replaces a file so that after a crash or power loss it holds either the old bytes or the new
// ones: a temporary file beside it, fsync, rename, fsync of the folder. One writer at a time.
Status write_durably(Env& env, const std::string& path, std::string_view bytes);

}  // namespace socbridge::enrich
