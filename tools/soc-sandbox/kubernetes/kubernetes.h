// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox {

// What an API server of Kubernetes answers when it is asked what an account may do: GET /version
// and the two reviews of the account itself. Without a data file the account has just what Cortex's
// job runner needs. Data file: `{"rules":[{"apiGroups":[],"resources":[],"verbs":[]}],
// "incomplete":false, "impersonate":true}`.
Result<std::unique_ptr<Product>> make_kubernetes(const ProductSettings& settings);

}  // namespace socbridge::sandbox
