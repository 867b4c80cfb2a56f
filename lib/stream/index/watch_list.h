// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"
#include "stream/index/match_set.h"

namespace socbridge::stream {

// Fills the set from a file instead of TheHive: one observable per line, `TYPE<TAB>VALUE`, or a
// value alone, whose type is detected. Blank lines and lines that begin with `#` are skipped. The
// number of an observable is its line number. Errors: the file cannot be read; bad_input for an
// invalid line, with FILE:LINE.
Status load_watch_list(Env& env, const std::string& path, MatchSet& set);

}  // namespace socbridge::stream
