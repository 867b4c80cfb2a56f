// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/client.h"
#include "opencti/client.h"
#include "stream/delivery.h"
#include "stream/reader/reader.h"
#include "thehive/client.h"

namespace socbridge::stream {

// Which techniques of reported indicators become procedures, beside those the indicator names
// itself: those it is linked to, or also those of the threats it is linked to.
enum class TechniqueScope { none, direct, all };
// Which values OpenCTI is asked about: those that are new in TheHive, or at the first start also
// those that are there.
enum class LookupScope { none, fresh, all };

struct ConsumerSetup {
  ReaderSetup reader;      // `cursor_file` and our own user are set by the consumer
  std::string state_dir;   // cursor, journals, snapshot of the set; empty: nothing is kept
  std::string watch_list;  // match against this file instead of TheHive: matches are only reported
  std::optional<opencti::Endpoint> opencti;  // none: nothing is asked
  std::optional<thehive::Endpoint> thehive;
  http::ClientOptions thehive_http;
  StreamDelivery::Options delivery;
  TechniqueScope techniques = TechniqueScope::all;
  // Relationships are often written some seconds after the indicator they belong to.
  std::int64_t techniques_after_ms = 60000;
  LookupScope lookup = LookupScope::fresh;
  std::int64_t refresh_ms = 30000;            // how often new observables are asked for
  std::int64_t rebuild_ms = 6 * 3600 * 1000;  // how often all of them are
};

}  // namespace socbridge::stream
