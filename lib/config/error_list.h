// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "base/status.h"

namespace socbridge::config {

// Most errors that the reader of one source gives; then one of this text.
inline constexpr std::size_t kMostErrors = 100;
inline constexpr const char* kMoreFollow = "more errors follow";

// For people: the first 20; of more the last one is "and 7 more errors".
std::vector<Status> shown_errors(std::vector<Status> errors);

}  // namespace socbridge::config
