// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "base/time.h"
#include "http/client.h"
#include "http/explain.h"
#include "json/value.h"
#include "kubernetes/kubeconfig.h"
#include "kubernetes/rbac.h"

namespace socbridge::kubernetes {

// An API server refuses with an object of kind Status.
http::ErrorBody read_status(const http::Response& response);
std::string_view cure(int status, const http::ErrorBody& error);
inline constexpr http::ProductErrors kErrors{"Kubernetes", read_status, cure};

// Asks an API server what an account may do. Changes nothing: reviews are not stored.
class Client {
 public:
  // `service_account`: NAME or NAMESPACE:NAME to impersonate, which needs that right; empty: the
  // account of the credentials.
  Client(const Cluster& cluster, std::string_view service_account);

  Result<std::string> version(const Deadline& deadline);
  Result<bool> allowed(const Right& right, const std::string& space, const Deadline& deadline);
  struct Rules {
    Rights rights;
    bool incomplete = false;  // the server's authorizer cannot list them all
  };
  Result<Rules> rules(const std::string& space, const Deadline& deadline);

 private:
  Result<json::Document> send(const char* method, const std::string& path, std::string body,
                              const Deadline& deadline);
  http::Client http_;
  std::string server_, user_;
  Secret token_;
};

}  // namespace socbridge::kubernetes
