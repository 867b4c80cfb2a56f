// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "delivery/outcome.h"
#include "wazuh/alert.h"

namespace socbridge::intake {

// ` (alert 1741938001.1201, rule 5710)`: the ids help to find the alert again. Each is left out
// unless it is made of digits as Wazuh makes it, since anything in an alert may be an attacker's
// text.
std::string alert_ids(const wazuh::Alert& alert);

// Why an alert did not arrive, in own words and numbers only: for the pipe, whose last line
// integratord copies into ossec.log. The server's own text is in Outcome::message.
std::string failure_in_own_words(const delivery::Outcome& outcome);

}  // namespace socbridge::intake
