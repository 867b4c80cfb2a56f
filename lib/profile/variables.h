// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "profile/profile.h"

namespace socbridge::profile {

// All environment variables that are read: SOCCTL_<PRODUCT>_<KEY> for each product and key of
// product_schema(), and those without a product. Upper case.
const std::vector<std::string>& variable_names();

struct MisspeltVariable {
  std::string name;     // printable, at most 60 characters; the value is never stored
  std::string nearest;  // one of variable_names()
};

// Variables of the environment that begin with SOC and resemble a known name: another case, the
// other of our two prefixes, a missing letter. Excluded are empty values, which count as absent,
// names that resemble none of ours, and those that Kubernetes sets for a Service (_PORT,
// _SERVICE_HOST and the like). In the order of the environment.
std::vector<MisspeltVariable> misspelt_variables(const SystemPaths& system);

// "SOCCTL_THEHIV_URL is not read" as message and "did you mean SOCCTL_THEHIVE_URL?" as hint. Usage.
Status misspelt_status(const MisspeltVariable& variable);

}  // namespace socbridge::profile
