// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge::socctl {

// Makes the first Ctrl-C or SIGTERM a request to stop: interrupted() then says true, waiting system
// calls end early, waiting for input too (base/named_file.h), and the verb finishes what it must
// and leaves with ExitCode::interrupted. The second one ends the process at once, as without this.
void catch_interrupts();
bool interrupted();

// Sleeps until the time has passed or the process is to stop; then it returns false.
bool sleep_unless_interrupted(std::int64_t ms);

}  // namespace socbridge::socctl
