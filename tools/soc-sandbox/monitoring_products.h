// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox {

// The part of each product that `socctl health` reads. Errors: usage for an invalid data file.
Result<std::unique_ptr<Product>> make_opensearch(const ProductSettings& settings);
Result<std::unique_ptr<Product>> make_grafana(const ProductSettings& settings);
Result<std::unique_ptr<Product>> make_prometheus(const ProductSettings& settings);
Result<std::unique_ptr<Product>> make_wazuh_api(const ProductSettings& settings);

}  // namespace socbridge::sandbox
