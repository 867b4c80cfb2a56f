// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/sender.h"
#include "integration/settings.h"

namespace socbridge::socctl {

// How commands send alerts that are not in the spool: a few tries, ended early by SIGINT and
// SIGTERM, with a line on stderr before a longer pause. Without a spool, the commands of one user
// share an in-flight table in socctl's state folder. Call catch_interrupts() first.
delivery::SendPolicy send_policy(const integration::Settings& settings);

}  // namespace socbridge::socctl
