// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/time.h"
#include "delivery/sender.h"
#include "http/client.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// Who drains the queue.
struct Drain {
  Env& env;
  spool::Spool& spool;
  http::Client& http;
  const integration::Settings& settings;  // of this process
  const spool::Entry& like;  // entries with the same block (integration, hook_url, options) and
                             // destination use them
  const std::string& home;   // of Wazuh: the settings of other entries are looked up there
  const LogLine& log;
};

// Delivers up to drain_max due entries, as long as `deadline` allows and the circuit breaker gives
// permits. If the settings of an entry of another block cannot be found, the own ones are used for
// the same URL and destination. Returns how many are in TheHive.
int drain(const Drain& drain, const Deadline& deadline);

}  // namespace socbridge::delivery
