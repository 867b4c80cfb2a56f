// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "opencti/stix/value.h"

namespace socbridge::stream {

// Values as given on a command line; `-` stands for the lines of standard input (at most 16 MiB,
// blank lines and those that begin with `#` left out). What is no value goes to `bad`, and the
// others go on. Errors: standard input cannot be read.
Status read_values(Env& env, const std::vector<std::string>& given,
                   const std::function<void(opencti::Value)>& take,
                   const std::function<void(const Status&)>& bad);

}  // namespace socbridge::stream
