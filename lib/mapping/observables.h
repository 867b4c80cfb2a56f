// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "mapping/mapping.h"
#include "mapping/options.h"
#include "thehive/alert.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {

struct Extracted {
  std::vector<thehive::Observable> observables;
  std::size_t left_out = 0;  // beyond max_observables
};

// Walks configured rows, then the built-in table. Values are typed by validation, normalised and
// deduplicated; what was dropped and why is explained if `explanations` is given.
Extracted extract_observables(const wazuh::Alert& alert, const Options& options,
                              std::vector<Explanation>* explanations);

}  // namespace socbridge::mapping
