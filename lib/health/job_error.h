// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::health {

// What the error of a Cortex job means, in own words (docs/protocols/cortex.md, "Failure texts").
// The text itself is never shown: it may be the log of a container, and that may hold the keys of
// an analyzer.
std::string job_error(std::string_view error);

}  // namespace socbridge::health
