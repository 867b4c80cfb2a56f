// SPDX-License-Identifier: Apache-2.0
#include "web/tls_context.h"

#include <boost/asio/buffer.hpp>
#include <utility>

#include "base/clock.h"
#include "base/text.h"

namespace socbridge::web {
namespace {

namespace net = boost::asio;
using Error = boost::system::error_code;
constexpr std::size_t kMaxFile = std::size_t{1} << 20;

Status cannot_use(const char* what, const std::string& file, const std::string& why) {
  return Status::error(ExitCode::usage,
                       std::string("cannot use the ") + what + " " + printable(file, 300) + ": " +
                           printable(why, 200),
                       "use PEM files: the certificate with its chain, its key without a "
                       "password, the CA of the clients");
}

void set_rules(net::ssl::context& tls, const ServerOptions& options) {
  Error ignored;
  tls.set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 |
                      net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 |
                      net::ssl::context::no_tlsv1_1,
                  ignored);
  if (options.least_tls == LeastTls::v1_3) {
    ::SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
  }
  ::SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  ::SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
  // Without a callback OpenSSL would prompt for a password on the terminal.
  tls.set_password_callback([](auto, auto) { return std::string(); }, ignored);
}

}  // namespace

Result<TlsContext::Files> TlsContext::read() const {
  Files out;
  out.asks_clients = !options_.client_ca_file.empty();
  out.client_certificate = options_.client_certificate;
  out.least_tls = options_.least_tls;
  const auto take = [this](const char* what, const std::string& file, std::string& into) {
    if (file.empty()) return Status();
    auto text = env_.read_file(file, kMaxFile);
    if (!text.ok()) return cannot_use(what, file, text.status().message());
    into = std::move(*text);
    return Status();
  };
  Status bad = take("certificate", options_.cert_file, out.certificate);
  if (bad.ok()) bad = take("key", options_.key_file, out.key);
  if (bad.ok()) bad = take("CA of the clients", options_.client_ca_file, out.client_ca);
  if (!bad.ok()) return bad;
  return out;
}

Result<std::unique_ptr<TlsContext::Context>> TlsContext::make(const Files& files) const {
  auto tls = std::make_unique<Context>(Context::tls_server);
  set_rules(*tls, options_);
  Error error;
  tls->use_certificate_chain(net::buffer(files.certificate), error);
  if (error) return cannot_use("certificate", options_.cert_file, error.message());
  tls->use_private_key(net::buffer(files.key), Context::pem, error);
  if (error) return cannot_use("key", options_.key_file, error.message());
  if (!files.asks_clients) return tls;
  // OpenSSL accepts a text without a certificate and reports no error.
  if (files.client_ca.find("-----BEGIN ") == std::string::npos) {
    return cannot_use("CA of the clients", options_.client_ca_file, "it has no certificate");
  }
  tls->add_certificate_authority(net::buffer(files.client_ca), error);
  if (error) return cannot_use("CA of the clients", options_.client_ca_file, error.message());
  net::ssl::verify_mode mode = net::ssl::verify_peer;
  if (options_.client_certificate == ClientCertificate::required) {
    mode |= net::ssl::verify_fail_if_no_peer_cert;
  }
  tls->set_verify_mode(mode, error);
  return tls;
}

Status TlsContext::refresh() {
  read_ms_ = steady_now_ms();
  auto files = read();
  if (!files.ok()) return files.status();
  if (context_ && *files == files_) return {};
  auto made = make(*files);
  if (!made.ok()) return made.status();
  files_ = std::move(*files);
  context_ = std::move(*made);
  return {};
}

Result<std::unique_ptr<TlsContext>> TlsContext::open(Env& env, const ServerOptions& options) {
  std::unique_ptr<TlsContext> out(new TlsContext(env, options));
  if (Status bad = out->refresh(); !bad.ok()) return bad;
  return out;
}

net::ssl::context& TlsContext::current() {
  constexpr std::int64_t kOftenMs = 1000;
  if (steady_now_ms() - read_ms_ < kOftenMs) return *context_;
  const Status bad = refresh();
  const std::string complaint = bad.ok() ? std::string() : bad.line();
  if (!complaint.empty() && complaint != complaint_ && options_.complain) options_.complain(bad);
  complaint_ = complaint;
  return *context_;
}

}  // namespace socbridge::web
