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

// One product of the sandbox: answers requests from any number of threads.
class Product {
 public:
  virtual ~Product() = default;

  // `fault` has the effects of rules on the execution; the caller applies those on sending. Long
  // waits end when `stop` is raised.
  virtual Response handle(const Request& request, const Fault& fault, const StopSignal& stop) = 0;

  // The product's answer for a rule's `status=`.
  virtual Response injected(const Fault& fault) const;

  // True for paths (without the prefix) to which `--latency` and rules without a path apply.
  virtual bool is_api(std::string_view) const { return true; }
};

struct ProductSettings {
  Secret key;             // empty: any non-empty key is accepted
  std::string version;    // empty: the product's default
  std::string data_file;  // its initial data, in the product's format; or empty
  Secret admin_key = {};  // of an administrator, if the product has one; or empty
};

// The products for `--with NAME` in addition to TheHive: one line each in products.cc.
struct ProductKind {
  const char* name;  // lower case
  const char* display;
  int port;  // the product's default port
  Result<std::unique_ptr<Product>> (*make)(const ProductSettings& settings);
};
std::span<const ProductKind> product_kinds();

}  // namespace socbridge::sandbox
