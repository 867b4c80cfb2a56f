#include "http/global.h"

#include <curl/curl.h>

#if defined(SOCBRIDGE_TLS_OPENSSL)
#include <openssl/crypto.h>
#endif

namespace socbridge::http {
namespace {

// libcurl 7.57 and later sets its TLS library up here whatever the flags say, so the part of it
// that costs and surprises, reading openssl.cnf of whoever built OpenSSL, is switched off first.
bool init_curl(long flags) {
#if defined(SOCBRIDGE_TLS_OPENSSL)
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
#endif
  return curl_global_init(flags) == CURLE_OK;
}

}  // namespace

bool ensure_global_init(bool tls) {
  static const bool plain = init_curl(CURL_GLOBAL_NOTHING);
  if (!plain || !tls) return plain;
  static const bool with_tls = curl_global_init(CURL_GLOBAL_SSL) == CURLE_OK;
  return with_tls;
}

}  // namespace socbridge::http
