// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace socbridge::socctl {

// Makes the first Ctrl-C or SIGTERM a request to stop: interrupted() then returns true, waiting
// system calls end early, including reads of input (base/named_file.h), and the verb finishes its
// current step and returns ExitCode::interrupted. The second signal ends the process at once, as by
// default.
void catch_interrupts();
bool interrupted();

// Sleeps for this time; returns false early if the process is to stop.
bool sleep_unless_interrupted(std::int64_t ms);

}  // namespace socbridge::socctl
