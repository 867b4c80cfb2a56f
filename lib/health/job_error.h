// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::health {

// Explains the error of a Cortex job (docs/protocols/cortex.md, "Failure texts"). The error itself
// is never displayed: it may be the log of a container, which may contain the keys of an analyzer.
std::string job_error(std::string_view error);

}  // namespace socbridge::health
