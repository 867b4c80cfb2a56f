// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/status.h"
#include "soc-sandbox/server/faults.h"
#include "soc-sandbox/server/stop_signal.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

// One product of the sandbox: answers requests, in any number of threads at once.
class Product {
 public:
  virtual ~Product() = default;

  // `fault` is what a rule wants of the request while it is acted on; how it is sent is not the
  // product's matter. Long waits end when `stop` is raised.
  virtual Response handle(const Request& request, const Fault& fault, const StopSignal& stop) = 0;

  // What the product says for a rule's `status=`.
  virtual Response injected(const Fault& fault) const;

  // True for paths (without the prefix) that `--latency` and rules without a path are for.
  virtual bool is_api(std::string_view) const { return true; }
};

struct ProductSettings {
  Secret key;             // empty: any non-empty key is accepted
  std::string version;    // empty: the product's default
  std::string data_file;  // what it knows at the start, in a form of the product; or empty
  Secret admin_key = {};  // of an administrator, where the product has one; or empty
};

// The other products that `socctl sandbox --with NAME` can run beside TheHive: one line each in
// products.cc.
struct ProductKind {
  const char* name;  // lower case
  const char* display;
  int port;  // where the product listens in the field
  Result<std::unique_ptr<Product>> (*make)(const ProductSettings& settings);
};
std::span<const ProductKind> product_kinds();

}  // namespace socbridge::sandbox
