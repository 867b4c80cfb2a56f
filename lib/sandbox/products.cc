#include "sandbox/product.h"

namespace socbridge::sandbox {

Response Product::injected(const Fault& fault) const {
  return ApiError{fault.status, "Injected", "Injected by a fault rule", {}}.response();
}

std::span<const ProductKind> product_kinds() { return {}; }

}  // namespace socbridge::sandbox
