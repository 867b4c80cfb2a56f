// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/status.h"
#include "config/settings.h"
#include "mapping/options.h"

namespace socbridge::mapping {

// As options_from(), but appends all errors to `errors`, at most config::kMostErrors: usage, with
// file, line, column and the path of the key. A key with an error counts as absent, as far as
// possible.
Options read_options(const config::Settings& settings, std::vector<Status>& errors);

}  // namespace socbridge::mapping
