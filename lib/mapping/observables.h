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
  std::size_t left_out = 0;  // number beyond max_observables
};

// Walks the configured rows, then the built-in table. Values are validated, normalised and
// deduplicated. If `explanations` is given, it receives the dropped values and the reasons.
Extracted extract_observables(const wazuh::Alert& alert, const Options& options,
                              std::vector<Explanation>* explanations);

}  // namespace socbridge::mapping
