// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::socctl::help_topics {

// The page of the documents that `socctl help NAME` prints, as Markdown; empty if there is none.
std::string_view text(std::string_view name);

}  // namespace socbridge::socctl::help_topics
