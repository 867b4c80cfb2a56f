// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/status.h"
#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox::opencti {

// OpenCTI: POST /graphql, GET /health, and for every other GET the page of the web interface, as
// the platform does it (docs/protocols/opencti.md, "Endpoints").
Result<std::unique_ptr<Product>> make_product(const ProductSettings& settings);

}  // namespace socbridge::sandbox::opencti
