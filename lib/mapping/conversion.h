// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "mapping/mapping.h"

namespace socbridge::mapping {

// Makes `out`, which is empty, the TheHive alert of an alert that is forwarded. What stands behind
// each value is added to `notes` unless that is null. Pure.
void convert(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
             thehive::Alert& out, std::vector<Explanation>* notes);

}  // namespace socbridge::mapping
