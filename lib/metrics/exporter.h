// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "metrics/counts.h"
#include "metrics/thehive_counts.h"
#include "profile/profile.h"
#include "queue/stats.h"

namespace socbridge::metrics {

// What is asked. Empty: not configured, and then nothing is written of it.
struct Sources {
  std::optional<profile::Endpoint> thehive, cortex;
  std::function<Result<queue::QueueStats>()> queue;  // reads the spool

  bool any() const { return thehive || cortex || queue; }
};

// How asking one product ended.
struct Scrape {
  std::string product;  // "thehive", "cortex", "queue"
  Status status;
  std::int64_t took_ms = 0;
};

// The numbers of one moment. What a product did not answer is empty.
struct Snapshot {
  UnixMillis at_ms = 0;
  std::vector<Scrape> scrapes;
  std::optional<TheHiveCounts> thehive;
  std::optional<Counts> cortex_jobs;
  std::optional<queue::QueueStats> queue;
};

// Asks one product after another, each at most `timeout_ms`. A product that fails does not keep the
// others from being asked. Over connections of its own, so it may run in any thread, one at a time.
Snapshot collect(const Sources& sources, std::int64_t timeout_ms);

}  // namespace socbridge::metrics
