#include "http/curl_init.h"

#include <curl/curl.h>

#if defined(SOCBRIDGE_TLS_OPENSSL)
#include <openssl/crypto.h>
#endif

#include "http/deferred_relocations.h"

namespace {

// libcurl 7.57 and later sets its TLS library up in curl_global_init whatever the flags say: two
// thirds of all instructions of a delivery over plain http. In static executables the linker sends
// that call here (cmake/StaticCurl.cmake), and it waits for the first use of TLS.
bool tls_wanted = false;

// libcurl gives every handle, also one of its own that never looks a name up, a c-ares channel:
// resolv.conf, nsswitch.conf and urandom are read each time. It gets one where it is used.
thread_local bool resolver_wanted = false;

}  // namespace

#if defined(SOCBRIDGE_LAZY_TLS)
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): ld's --wrap names them
int __real_Curl_ssl_init();
void __real_Curl_ssl_cleanup();
int __real_Curl_ssl_random(void*, unsigned char*, size_t);
int __real_Curl_cf_ssl_insert_after(void*, void*);
int __real_Curl_cf_ssl_proxy_insert_after(void*, void*);
int __real_Curl_resolver_init(void*, void**);
int __wrap_Curl_ssl_init();
void __wrap_Curl_ssl_cleanup();
int __wrap_Curl_ssl_random(void*, unsigned char*, size_t);
int __wrap_Curl_cf_ssl_insert_after(void*, void*);
int __wrap_Curl_cf_ssl_proxy_insert_after(void*, void*);
int __wrap_Curl_resolver_init(void*, void**);
// NOLINTEND(bugprone-reserved-identifier)

[[gnu::used]] int __wrap_Curl_ssl_init() { return tls_wanted ? __real_Curl_ssl_init() : 1; }
[[gnu::used]] void __wrap_Curl_ssl_cleanup() {
  if (tls_wanted) __real_Curl_ssl_cleanup();
}

// The ways into the TLS library that need no https URL: random bytes for the boundaries of a form,
// a proxy that is spoken to over TLS.
[[gnu::used]] int __wrap_Curl_ssl_random(void* easy, unsigned char* bytes, size_t count) {
  if (!socbridge::http::ensure_global_init(true)) return CURLE_FAILED_INIT;
  return __real_Curl_ssl_random(easy, bytes, count);
}
[[gnu::used]] int __wrap_Curl_cf_ssl_insert_after(void* filter, void* easy) {
  if (!socbridge::http::ensure_global_init(true)) return CURLE_FAILED_INIT;
  return __real_Curl_cf_ssl_insert_after(filter, easy);
}
[[gnu::used]] int __wrap_Curl_cf_ssl_proxy_insert_after(void* filter, void* easy) {
  if (!socbridge::http::ensure_global_init(true)) return CURLE_FAILED_INIT;
  return __real_Curl_cf_ssl_proxy_insert_after(filter, easy);
}

[[gnu::used]] int __wrap_Curl_resolver_init(void* easy, void** resolver) {
  if (resolver_wanted) return __real_Curl_resolver_init(easy, resolver);
  *resolver = nullptr;  // every use of it in libcurl 7.88 but a look-up allows for this
  return CURLE_OK;
}
}
#endif

namespace socbridge::http {
namespace {

bool init_tls() {
  if (!apply_deferred_relocations()) return false;
  tls_wanted = true;
#if defined(SOCBRIDGE_TLS_OPENSSL)
  // Neither openssl.cnf of whoever built OpenSSL nor freeing, object by object, what exit frees.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, nullptr);
#endif
#if defined(SOCBRIDGE_LAZY_TLS)
  return __real_Curl_ssl_init() == 1;
#else
  return true;
#endif
}

bool init_curl() {
#if !defined(SOCBRIDGE_LAZY_TLS)
  if (!init_tls()) return false;
#endif
  return curl_global_init(CURL_GLOBAL_SSL) == CURLE_OK;
}

}  // namespace

bool ensure_global_init(bool tls) {
  static const bool plain = init_curl();
  if (!plain || !tls) return plain;
  static const bool with_tls = tls_wanted || init_tls();
  return with_tls;
}

void* new_easy_handle(bool resolves_names) {
  resolver_wanted = resolves_names;
  CURL* easy = curl_easy_init();
  resolver_wanted = false;
  return easy;
}

}  // namespace socbridge::http
