// SPDX-License-Identifier: Apache-2.0
#include "http/curl_init.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

namespace socbridge::http {

bool ensure_global_init() {
  static const bool done = [] {
    // OpenSSL must not read openssl.cnf, and need not free memory at exit.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr);
    return curl_global_init(CURL_GLOBAL_SSL) == CURLE_OK;
  }();
  return done;
}

}  // namespace socbridge::http
