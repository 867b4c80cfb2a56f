// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/subject.h"

namespace socbridge::stream {

// An indicator was reported to an alert or case: its techniques belong there too. A line of a
// journal.
struct TechniqueTask {
  std::string opencti_id;  // UUID of the indicator or observable
  std::string indicator;   // its STIX id
  thehive::Subject subject;
  UnixMillis due_ms = 0;              // relationships are often written after what they belong to
  std::vector<std::string> markings;  // of the indicator, at that time

  std::string json() const;
  static Result<TechniqueTask> read(std::string_view json);
};

}  // namespace socbridge::stream
