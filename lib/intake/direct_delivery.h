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

// One alert and the process that sends it.
struct Sending {
  Env& env;
  Acceptance& acceptance;
  const Reporter& reporter;
  const wazuh::Alert& alert;
  const std::string& bytes;
};

// The result of one delivery.
struct Delivered {
  IntakeResult result;
  bool arrived = false;
};

// Sends an alert to one destination, once, counts and logs the result. `claim`: of its spool entry;
// empty: it is stored nowhere, and is sent even if the in-flight table cannot be locked.
Delivered deliver_directly(const Sending& sending, const integration::Settings& settings,
                           http::Client& http, std::optional<spool::Claim> claim,
                           const Deadline& deadline);

}  // namespace socbridge::intake
