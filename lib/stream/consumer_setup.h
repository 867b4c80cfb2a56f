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

// Which techniques of reported indicators become procedures, in addition to those that the
// indicator names: directly linked ones, or also those of linked threats.
enum class TechniqueScope { none, direct, all };
// Which values are looked up in OpenCTI: those that are new in TheHive, or at the first start also
// existing ones.
enum class LookupScope { none, fresh, all };

struct ConsumerSetup {
  ReaderSetup reader;      // the consumer sets `cursor_file` and our own user
  std::string state_dir;   // cursor, journals, snapshot of the set; empty: nothing is stored
  std::string watch_list;  // a file to match against instead of TheHive: matches are only reported
  std::optional<opencti::Endpoint> opencti;  // empty: no lookups
  std::optional<thehive::Endpoint> thehive;
  http::ClientOptions thehive_http;
  StreamDelivery::Options delivery;
  TechniqueScope techniques = TechniqueScope::all;
  // Relationships are often written some seconds after their indicator.
  std::int64_t techniques_after_ms = 60000;
  LookupScope lookup = LookupScope::fresh;
  std::int64_t refresh_ms = 30000;            // interval for reading new observables
  std::int64_t rebuild_ms = 6 * 3600 * 1000;  // interval for reading all observables
};

}  // namespace socbridge::stream
