// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "opencti/stix/value.h"

namespace socbridge::stream {

// Values from the command line; `-` stands for the lines of standard input (at most 16 MiB, blank
// lines and those that begin with `#` skipped). Invalid values are put into `bad`; the others are
// still read. Errors: standard input cannot be read.
Status read_values(Env& env, const std::vector<std::string>& given,
                   const std::function<void(opencti::Value)>& take,
                   const std::function<void(const Status&)>& bad);

}  // namespace socbridge::stream
