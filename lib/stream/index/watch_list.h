// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"
#include "stream/index/match_set.h"

namespace socbridge::stream {

// Fills the set from a file instead of TheHive: one observable a line, `TYPE<TAB>VALUE`, or a value
// alone whose type is detected from its content. Blank lines and lines that begin with `#` are left
// out. The number of an observable is that of its line. Errors: not readable, or a line that is
// neither (bad_input, with FILE:LINE).
Status load_watch_list(Env& env, const std::string& path, MatchSet& set);

}  // namespace socbridge::stream
