// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/env.h"
#include "grouping/grouped_alert.h"
#include "integration/settings.h"

namespace socbridge::grouping {

// Grouping: alerts of one bucket become one TheHive alert, whose reference is the bucket's id. The
// first alert creates it. Each further one adds its new observables (also to the case, if the alert
// was promoted) and its tags, raises the severity, and updates the line at the end of the
// description:
//   **Seen again:** 3 times, last 2025-03-14T08:12:00.000Z. Alerts: REF, REF, …
// The number comes from the bucket's BucketCounter, which identifies alerts by their reference, so
// that a redelivered one changes nothing. Without a counter (lost, no spool) the line itself is
// used: its number is incremented, and the references in it are known.
//
// `state_dir` may be empty. Null if the alert is not grouped: no group_by, or it lacks a field.
std::shared_ptr<GroupedAlert> find_group(Env& env, const std::string& state_dir,
                                         const integration::Settings& settings,
                                         const wazuh::Alert& alert);

// The reference of the alert's group; "" if it is not grouped.
std::string group_ref(const mapping::Options& options, const wazuh::Alert& alert);

// The line and its content. `seen`: without the first alert.
struct SeenLine {
  std::uint64_t seen = 0;
  std::vector<std::string> refs;
};
SeenLine read_seen_line(std::string_view description);
// The description with the line replaced or appended.
std::string with_seen_line(std::string_view description, const std::string& line);

}  // namespace socbridge::grouping
