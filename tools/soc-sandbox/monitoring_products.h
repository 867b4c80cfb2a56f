// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox {

// As much of each product as `socctl health` reads. Errors: an unusable data file (usage).
Result<std::unique_ptr<Product>> make_opensearch(const ProductSettings& settings);
Result<std::unique_ptr<Product>> make_grafana(const ProductSettings& settings);
Result<std::unique_ptr<Product>> make_prometheus(const ProductSettings& settings);
Result<std::unique_ptr<Product>> make_wazuh_api(const ProductSettings& settings);

}  // namespace socbridge::sandbox
