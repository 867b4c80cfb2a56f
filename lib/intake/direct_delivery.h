// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "delivery/delivery.h"
#include "http/client.h"
#include "intake/acceptance.h"
#include "intake/reporter.h"
#include "integration/settings.h"

namespace socbridge::intake {

// One alert and the environment of its delivery.
struct Sending {
  Env& env;
  Acceptance& acceptance;
  const Reporter& reporter;
  const wazuh::Alert& alert;
  const std::string& bytes;
};

// Result of one delivery.
struct Delivered {
  IntakeResult result;
  bool arrived = false;
};

// Sends an alert to one destination, once, and reports the result. `claim`: of its entry; empty:
// the alert is not stored, and is sent even without a lock.
Delivered deliver_directly(const Sending& sending, const integration::Settings& settings,
                           http::Client& http, std::optional<spool::Claim> claim,
                           const Deadline& deadline);

}  // namespace socbridge::intake
