// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::sandbox {

// True if `segments` from index `skipped` on match the pattern: segments separated by `/`, where
// `{}` matches any one segment and stores it in `captures`.
bool match_path(std::string_view pattern, const std::vector<std::string>& segments,
                std::size_t skipped, std::vector<std::string>& captures);

// Sets how many leading segments belong to the prefix (such as `/thehive`, or empty); false if the
// path is not below it.
bool skip_prefix(std::string_view prefix, const std::vector<std::string>& segments,
                 std::size_t& skipped);

}  // namespace socbridge::sandbox
