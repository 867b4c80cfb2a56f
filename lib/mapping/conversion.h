// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "mapping/mapping.h"

namespace socbridge::mapping {

// Fills `out`, which is empty, with the TheHive alert of a forwarded alert. The origin of each
// value is appended to `notes` unless that is null. Pure.
void convert(const wazuh::Alert& alert, const Options& options, std::int64_t now_ms,
             thehive::Alert& out, std::vector<Explanation>* notes);

}  // namespace socbridge::mapping
