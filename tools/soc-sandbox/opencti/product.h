// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/status.h"
#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox::opencti {

// OpenCTI: POST /graphql, GET /health, and the page of the web interface for every other GET, like
// the platform (docs/protocols/opencti.md, "Endpoints").
Result<std::unique_ptr<Product>> make_product(const ProductSettings& settings);

}  // namespace socbridge::sandbox::opencti
