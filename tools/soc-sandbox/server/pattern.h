// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::sandbox {

// True if `segments` from index `skipped` on fit the pattern: segments between `/`, where `{}` is
// any one segment; what stood there is left in `captures`.
bool match_path(std::string_view pattern, const std::vector<std::string>& segments,
                std::size_t skipped, std::vector<std::string>& captures);

// How many leading segments the prefix (such as `/thehive`, or empty) takes; false if the path is
// not below it.
bool skip_prefix(std::string_view prefix, const std::vector<std::string>& segments,
                 std::size_t& skipped);

}  // namespace socbridge::sandbox
