#include "sandbox/cortex/cortex.h"
#include "sandbox/product.h"

namespace socbridge::sandbox {

Response Product::injected(const Fault& fault) const {
  return ApiError{fault.status, "Injected", "Injected by a fault rule", {}}.response();
}

std::span<const ProductKind> product_kinds() {
  static constexpr ProductKind kKinds[] = {
      {"cortex", "Cortex", 9001, cortex::make_cortex},
  };
  return kKinds;
}

}  // namespace socbridge::sandbox
