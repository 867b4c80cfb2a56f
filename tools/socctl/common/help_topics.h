// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace socbridge::socctl::help_topics {

// The page of the documentation for `socctl help NAME`, as Markdown; empty if there is none.
std::string_view text(std::string_view name);

// The names of all pages, from tools/socctl/CMakeLists.txt.
std::vector<std::string_view> names();

}  // namespace socbridge::socctl::help_topics
