// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "soc-sandbox/server/faults.h"
#include "soc-sandbox/server/http_server.h"
#include "soc-sandbox/server/product.h"
#include "soc-sandbox/server/stop_signal.h"

namespace socbridge::sandbox {

struct ListenOptions {
  std::string host = "127.0.0.1";
  int port = 0;                         // 0: any free port
  std::int64_t latency_ms = 0;          // before each answer of the API
  std::vector<std::string> fail_rules;  // docs/sandbox.md
  std::string path_prefix;              // such as `/thehive`; rules give paths without it
  std::size_t max_json_bytes = std::size_t{10} << 20;
  std::size_t max_multipart_bytes = std::size_t{128} << 20;
};

// A product at a port, with the faults of the rules. Runs in its own threads.
class ProductServer {
 public:
  // `product` must outlive the server. Errors: usage for an invalid rule, failure for a port in
  // use.
  static Result<std::unique_ptr<ProductServer>> start(const ListenOptions& options,
                                                      Product& product);
  ~ProductServer();
  int port() const { return edge_->port(); }
  std::string url() const;  // with the prefix, without a trailing slash
  std::uint64_t request_count() const { return requests_; }
  void stop() { edge_->stop(); }

  // The answer to another product of this process, with the faults of the rules. Status 0: no
  // answer.
  Response ask(const Request& request);

 private:
  ProductServer(const ListenOptions& options, Product& product)
      : options_(options), product_(product) {}
  Answer handle(const Request& request);

  ListenOptions options_;
  Product& product_;
  std::unique_ptr<Faults> faults_;
  StopSignal stop_;
  std::atomic<std::uint64_t> requests_{0};
  std::unique_ptr<HttpEdge> edge_;
};

}  // namespace socbridge::sandbox
