// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/sender.h"
#include "integration/settings.h"

namespace socbridge::socctl {

// How a command sends alerts that are in no spool entry: a few tries, cut short by SIGINT and
// SIGTERM, with a line on stderr before a longer pause. Without a spool the commands of one user
// share an in-flight table in the folder of socctl's state files. Call catch_interrupts() first.
delivery::SendPolicy send_policy(const integration::Settings& settings);

}  // namespace socbridge::socctl
