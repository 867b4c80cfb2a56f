#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "profile/profile.h"

namespace socbridge::profile {

// What one configuration file says of one product. A missing file says nothing and is no error.
//   { "thehive": { "url": "…", "user": "…", "key": "…" or "file:PATH", "key_file": "…",
//   "organisation": "…", "ca_file": "…" } }
// Comments and trailing commas are allowed. Errors (usage): not JSON, unknown product or key with
// position and the nearest name, a value that is not a string, a file that group or others may
// write.
struct FileValues {
  std::string url, user, organisation, ca_file;
  Secret key;  // as written, may be `file:PATH`
};
Result<FileValues> read_config_file(Env& env, const std::string& path, std::string_view product);

}  // namespace socbridge::profile
