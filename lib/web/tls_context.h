// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "web/http_server.h"

// Only for http_server.cc: Asio's headers are slow to compile.
namespace socbridge::web {

// Certificate, key and CA of a server, read again when they change, so that a new certificate needs
// no restart. For the serving thread.
class TlsContext {
 public:
  // `options` must outlive it; changed paths and rules in it apply like changed files. Errors:
  // usage (a file cannot be read, or certificate and key do not match).
  static Result<std::unique_ptr<TlsContext>> open(Env& env, const ServerOptions& options);

  // For a new connection. The files are read at most once a second. If they cannot be used (such as
  // a certificate whose key does not exist yet), ServerOptions::complain is called once for each
  // reason, and the previous ones stay in use.
  boost::asio::ssl::context& current();

 private:
  using Context = boost::asio::ssl::context;
  struct Files {
    std::string certificate, key, client_ca;  // content
    bool asks_clients = false;                // a CA file is named, even an empty one
    ClientCertificate client_certificate = ClientCertificate::required;
    LeastTls least_tls = LeastTls::v1_2;
    bool operator==(const Files&) const = default;
  };
  TlsContext(Env& env, const ServerOptions& options) : env_(env), options_(options) {}
  Result<Files> read() const;
  Result<std::unique_ptr<Context>> make(const Files& files) const;
  Status refresh();

  Env& env_;
  const ServerOptions& options_;
  Files files_;
  std::unique_ptr<Context> context_;
  std::int64_t read_ms_ = 0;  // monotonic clock
  std::string complaint_;
};

}  // namespace socbridge::web
