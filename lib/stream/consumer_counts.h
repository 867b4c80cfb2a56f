// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "stream/delivery.h"
#include "stream/lookup/indicator_lookup.h"
#include "stream/match.h"
#include "stream/reader/reader_counts.h"

namespace socbridge::stream {

struct ConsumerCounts {
  MatchCounts matches;
  ReadingCounts reading;
  DeliveryCounts delivery;
  IndicatorLookup::Counts lookups;
  std::uint64_t procedures = 0;  // added for looked up techniques
  std::uint64_t values = 0, outages = 0;
  std::uint64_t waiting_bytes = 0;                                   // of matches
  std::uint64_t lookups_waiting_bytes = 0, tasks_waiting_bytes = 0;  // of values, of techniques
  UnixMillis place_ms = 0;  // time of the newest event or heartbeat; 0: none yet

  // How far the reader is behind the platform; -1 before the first event or heartbeat.
  std::int64_t lag_ms(UnixMillis now) const;
};

// All counts as a JSON object with stable names.
std::string counts_json(const ConsumerCounts& counts);
// One line for logs.
std::string counts_line(const ConsumerCounts& counts, UnixMillis now);
// Text exposition format, for the textfile collector of Prometheus' node exporter.
std::string counts_prometheus(const ConsumerCounts& counts, UnixMillis now);

}  // namespace socbridge::stream
