// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "profile/profile.h"

namespace socbridge::profile {

// All environment variables that are read: SOCCTL_<PRODUCT>_<KEY> of each product and key of
// product_schema(), and those of no product. Upper case.
const std::vector<std::string>& variable_names();

struct MisspeltVariable {
  std::string name;     // printable, at most 60 characters; its value is never kept
  std::string nearest;  // of variable_names()
};

// Variables of the environment that begin with SOC and are near a known name without being one:
// another case, another of our two prefixes, a letter too few. Not: an empty value, which counts
// as not given; a name that is like none of ours; what Kubernetes sets for a Service (_PORT,
// _SERVICE_HOST and the like). In the order of the environment.
std::vector<MisspeltVariable> misspelt_variables(const SystemPaths& system);

// "SOCCTL_THEHIV_URL is not read" and "did you mean SOCCTL_THEHIVE_URL?", as message and hint.
// Usage.
Status misspelt_status(const MisspeltVariable& variable);

}  // namespace socbridge::profile
