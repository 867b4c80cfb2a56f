// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/cortex.h"
#include "soc-sandbox/kubernetes/kubernetes.h"
#include "soc-sandbox/monitoring_products.h"
#include "soc-sandbox/opencti/product.h"
#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox {

Response Product::injected(const Fault& fault) const {
  return ApiError{fault.status, "Injected", "Injected by a fault rule", {}}.response();
}

std::span<const ProductKind> product_kinds() {
  static constexpr ProductKind kKinds[] = {
      {"cortex", "Cortex", 9001, cortex::make_cortex},
      {"kubernetes", "Kubernetes", 6443, make_kubernetes},
      {"grafana", "Grafana", 3000, make_grafana},
      {"opensearch", "OpenSearch", 9200, make_opensearch},
      {"prometheus", "Prometheus", 9090, make_prometheus},
      {"wazuh", "Wazuh", 55000, make_wazuh_api},
      {"opencti", "OpenCTI", 8080, opencti::make_product},
  };
  return kKinds;
}

}  // namespace socbridge::sandbox
