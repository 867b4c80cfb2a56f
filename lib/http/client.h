// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::http {

struct TlsOptions {
  std::string ca_file;           // PEM bundle; empty: search the usual places (ca_locations.h)
  std::string ca_dir;            // hashed directory (c_rehash); preferred, and faster than a bundle
  std::string client_cert_file;  // PEM, optional (mutual TLS)
  std::string client_key_file;   // PEM, optional
  // Public keys that the server may have, in addition to a valid certificate: `sha256//BASE64`,
  // separated by `;`. Empty: any.
  std::string pinned_key;
  bool insecure = false;  // certificates are not checked at all
};

struct ClientOptions {
  TlsOptions tls;
  std::string user_agent = "socbridge";
  std::string proxy;                    // empty: none. The environment's *_proxy is not read
  Secret proxy_login;                   // `user:password` for the proxy, or empty
  std::int64_t connect_timeout_ms = 0;  // 0: only the request's deadline
  std::size_t max_response_bytes = std::size_t{16} << 20;
};

// One part of a multipart/form-data body: a text, or a file that is read while it is sent.
struct FormPart {
  std::string name;
  std::string text;
  std::string file;          // path; if set, it is sent instead of the text
  std::string file_name;     // the file's name for the server
  std::string content_type;  // empty: none for texts, libcurl's guess for files
};

struct Request {
  std::string method = "GET";
  std::string url;  // http:// or https:// only
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;                 // sent if not empty or method is POST, PUT or PATCH
  std::string content_type;         // e.g. application/json
  std::vector<FormPart> form;       // if not empty, sent instead of `body`
  Secret bearer;                    // sent as `Authorization: Bearer …`; never logged
  std::int64_t timeout_ms = 10000;  // for the complete exchange: name, connect, TLS, answer
};

struct Response {
  int status = 0;
  std::string body;
  std::string content_type;          // lower case, without parameters
  std::int64_t retry_after_ms = -1;  // from Retry-After (seconds or date), -1 if absent
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  bool is_json() const;
};

// Why there is no complete answer. The sender needs to know whether the server may have acted.
enum class FailureKind {
  none,
  bad_url,           // not sent: the URL or scheme is wrong, or a header value holds a line break
  name_lookup,       // not sent
  connect,           // not sent: refused, unreachable, timed out while connecting
  tls,               // not sent: certificate or handshake
  interrupted_send,  // possibly acted on: reset, partial answer, or timeout after the first byte
  too_large,         // answered, but the answer is longer than max_response_bytes: may have acted
};
const char* failure_kind_name(FailureKind kind);

struct Outcome {
  FailureKind failure = FailureKind::none;
  std::string error;  // one line for people, with host and reason; no secrets
  Response response;  // valid if failure == none
  bool answered() const { return failure == FailureKind::none; }
  // Whether the server may have processed the request although the answer is not complete.
  bool ambiguous() const {
    return failure == FailureKind::interrupted_send || failure == FailureKind::too_large;
  }
};

// A synchronous HTTP client over libcurl with a pool of kept-alive connections. Not thread-safe:
// use one per thread. TLS is only set up for the first https URL. Redirects are not followed (a key
// must not reach another host). A kept-alive connection that closed before the request is replaced.
// If it closes during the request, libcurl resends a GET, HEAD, PUT or DELETE over a new one; a
// POST or PATCH is never resent, and the result is interrupted_send. The caller must ignore SIGPIPE
// (TLS writes).
class Client {
 public:
  explicit Client(ClientOptions options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  Outcome perform(const Request& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Percent-encodes all characters but unreserved ones (RFC 3986).
std::string url_encode(std::string_view text);
// "https://host/prefix/" + "/api/x" -> "https://host/prefix/api/x".
std::string join_url(std::string_view base, std::string_view path);
// Checks scheme and host and refuses user:password@ (usage). Returns the URL without trailing
// slashes.
Result<std::string> normalise_base_url(std::string_view url);

}  // namespace socbridge::http
