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

// Parameters of drain().
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

// Delivers up to drain_max due entries, as long as `deadline` allows and the circuit breaker grants
// permits. If the settings of another block's entry cannot be found, the process's own are used for
// the same URL and destination. Returns the number of alerts that are in TheHive.
int drain(const Drain& drain, const Deadline& deadline);

}  // namespace socbridge::delivery
