// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/subject.h"

namespace socbridge::stream {

// A reported indicator whose techniques are to be added to an alert or case. A line of a journal.
struct TechniqueTask {
  std::string opencti_id;  // UUID of the indicator or observable
  std::string indicator;   // its STIX id
  thehive::Subject subject;
  UnixMillis due_ms = 0;              // relationships are often written after their objects
  std::vector<std::string> markings;  // of the indicator, when it was reported

  std::string json() const;
  static Result<TechniqueTask> read(std::string_view json);
};

}  // namespace socbridge::stream
