// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "base/status.h"

namespace socbridge::config {

// Most errors that the reader of one source returns; a last one has the text kMoreFollow.
inline constexpr std::size_t kMostErrors = 100;
inline constexpr const char* kMoreFollow = "more errors follow";

// For people: the first 20 errors; if there are more, the last is "and 7 more errors".
std::vector<Status> shown_errors(std::vector<Status> errors);

}  // namespace socbridge::config
