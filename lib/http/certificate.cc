// SPDX-License-Identifier: Apache-2.0
#include "http/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <limits>
#include <memory>

#include "http/curl_init.h"

namespace socbridge::http {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> memory(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Prevents OpenSSL from prompting on the terminal.
int no_password(char*, int, int, void*) { return 0; }

Owned<X509> read(std::string_view pem) {
  static_cast<void>(ensure_global_init());
  const Owned<BIO> bio = memory(pem);
  Owned<X509> out;
  if (bio) out.reset(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  return out;
}

Result<UnixMillis> moment(const ASN1_TIME* time) {
  constexpr UnixMillis kMs = 1000;
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return Status::error(ExitCode::bad_input, "the certificate has no valid dates");
  }
  return static_cast<UnixMillis>(timegm(&parts)) * kMs;
}

Status no_certificate() {
  return Status::error(ExitCode::bad_input, "it holds no certificate in PEM form");
}

}  // namespace

Result<CertificateDates> certificate_dates(std::string_view pem) {
  const Owned<X509> certificate = read(pem);
  if (!certificate) return no_certificate();
  const auto begins = moment(X509_get0_notBefore(certificate.get()));
  const auto ends = moment(X509_get0_notAfter(certificate.get()));
  if (!begins.ok()) return begins.status();
  if (!ends.ok()) return ends.status();
  return CertificateDates{*begins, *ends};
}

Result<bool> is_key_of(std::string_view certificate_pem, std::string_view key_pem) {
  const Owned<X509> certificate = read(certificate_pem);
  if (!certificate) return no_certificate();
  const Owned<BIO> bio = memory(key_pem);
  Owned<EVP_PKEY> key;
  if (bio) key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!key) {
    return Status::error(ExitCode::bad_input,
                         "it holds no private key in PEM form without a password");
  }
  const bool fits = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return fits;
}

}  // namespace socbridge::http
