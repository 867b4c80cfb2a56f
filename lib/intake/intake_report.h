// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"
#include "delivery/outcome.h"
#include "wazuh/alert.h"

namespace socbridge::intake {

// ` (alert 1741938001.1201, rule 5710)`: ids that help to find the alert. An id is omitted unless
// it consists of digits in Wazuh's form, because any text in an alert may come from an attacker.
std::string alert_ids(const wazuh::Alert& alert);

// Why an alert did not arrive, without any text of the server: for the pipe, whose last line
// integratord copies into ossec.log. The server's text is in Outcome::message.
std::string failure_in_own_words(const delivery::Outcome& outcome);

}  // namespace socbridge::intake
