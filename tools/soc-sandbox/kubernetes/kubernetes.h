// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox {

// The part of a Kubernetes API server that reports what an account may do: GET /version and the two
// self reviews. Without a data file the account has exactly the rights of Cortex's job runner. Data
// file: `{"rules":[{"apiGroups":[],"resources":[],"verbs":[]}], "incomplete":false,
// "impersonate":true}`.
Result<std::unique_ptr<Product>> make_kubernetes(const ProductSettings& settings);

}  // namespace socbridge::sandbox
