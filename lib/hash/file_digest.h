// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"

namespace socbridge {

// sha256_hex() of a file's bytes, read in pieces. Errors: those of opening and reading.
Result<std::string> sha256_of_file(Env& env, const std::string& path);

}  // namespace socbridge
