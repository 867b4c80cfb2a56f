#include "http/client.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/env.h"
#include "http/ca_locations.h"
#include "http/failure.h"
#include "http/global.h"
#include "http/headers.h"
#include "http/response.h"
#include "http/url.h"

namespace socbridge::http {
namespace {

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* reader) {
  const std::string_view bytes(data, size * count);
  return static_cast<ResponseReader*>(reader)->body_part(bytes) ? bytes.size() : 0;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* reader) {
  const std::string_view line(data, size * count);
  return static_cast<ResponseReader*>(reader)->header_line(line) ? line.size() : 0;
}

// libcurl sends a request again by itself if a kept connection closes before a header line of the
// answer is complete. That may do twice what must be done once, so it gets no second socket for it.
curl_socket_t open_socket_once(void* easy, curlsocktype, curl_sockaddr* address) {
  if (sent_anything(easy)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool is_idempotent(const std::string& method) { return method != "POST" && method != "PATCH"; }

Outcome not_sent(FailureKind kind, std::string text) {
  Outcome outcome;
  outcome.failure = kind;
  outcome.error = std::move(text);
  return outcome;
}

long to_curl_ms(std::int64_t ms) {
  return static_cast<long>(std::clamp<std::int64_t>(ms, 1, std::numeric_limits<int>::max()));
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

bool wants_body(const Request& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

struct Client::Impl {
  explicit Impl(ClientOptions given) : options(std::move(given)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (easy != nullptr) curl_easy_cleanup(easy);
  }

  bool prepare(bool tls, bool names);
  Status find_certificates();
  void set_connection(const Request& request);
  void set_tls();
  void set_method(const Request& request);
  std::string ca_text() const;

  ClientOptions options;
  CURL* easy = nullptr;
  bool resolves_names = false;
  CaLocation ca;
  bool ca_known = false;
};

bool Client::Impl::prepare(bool tls, bool names) {
  if (!ensure_global_init(tls)) return false;
  if (easy != nullptr && names && !resolves_names) {
    curl_easy_cleanup(easy);
    easy = nullptr;
  }
  if (easy == nullptr) {
    easy = new_easy_handle(names);
    resolves_names = names;
  } else {
    curl_easy_reset(easy);  // keeps connections; no pointer of the last request stays behind
  }
  return easy != nullptr;
}

// A file that cannot be read would otherwise show up as a long text of the TLS library.
Status Client::Impl::find_certificates() {
  if (ca_known) return {};
  const TlsOptions& tls = options.tls;
  if (tls.ca_file.empty() && tls.ca_dir.empty()) {
    ca = probe_ca_locations();
    if (ca.file.empty() && ca.dir.empty()) {
      return Status::error(ExitCode::failure, "no CA certificates on this machine; name a CA file");
    }
  } else {
    ca = {tls.ca_file, tls.ca_dir};
  }
  for (const std::string& path : {ca.file, tls.client_cert_file, tls.client_key_file}) {
    if (path.empty()) continue;
    const auto file = Env::real().open_read(path);
    if (!file.ok()) return file.status();
    const auto info = Env::real().fstat(file->get());
    if (!info.ok()) return info.status();
    if (!info->is_file()) return Status::error(ExitCode::failure, path + " is not a file");
  }
  if (!ca.dir.empty()) {
    const auto info = Env::real().stat(ca.dir);
    if (!info.ok()) return info.status();
    if (!info->is_dir()) return Status::error(ExitCode::failure, ca.dir + " is not a folder");
  }
  ca_known = true;
  return {};
}

std::string Client::Impl::ca_text() const {
  if (ca.file.empty()) return ca.dir;
  return ca.dir.empty() ? ca.file : ca.file + " and " + ca.dir;
}

void Client::Impl::set_connection(const Request& request) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
                   is_idempotent(request.method) ? &open_socket : &open_socket_once);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, easy);
  // Both set, also to nothing: else libcurl reads http_proxy, all_proxy and no_proxy.
  curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, to_curl_ms(request.timeout_ms));
  const std::int64_t connect_ms = options.connect_timeout_ms > 0
                                      ? std::min(options.connect_timeout_ms, request.timeout_ms)
                                      : request.timeout_ms;
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, to_curl_ms(connect_ms));
}

void Client::Impl::set_tls() {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  // Null on purpose: the path that libcurl was built with is another machine's.
  curl_easy_setopt(easy, CURLOPT_CAINFO, or_null(ca.file));
  curl_easy_setopt(easy, CURLOPT_CAPATH, or_null(ca.dir));
  curl_easy_setopt(easy, CURLOPT_SSLCERT, or_null(options.tls.client_cert_file));
  curl_easy_setopt(easy, CURLOPT_SSLKEY, or_null(options.tls.client_key_file));
}

void Client::Impl::set_method(const Request& request) {
  if (wants_body(request)) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    if (request.method != "POST") {
      curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  } else if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Outcome Client::perform(const Request& request) {
  const auto url = parse_url(request.url);
  if (!url.ok()) return not_sent(FailureKind::bad_url, url.status().message());
  if (request.timeout_ms <= 0) {
    return not_sent(FailureKind::connect, "no time left to connect to " + url->host_port());
  }
  HeaderList headers;
  if (!headers.build(request, wants_body(request))) {
    return not_sent(FailureKind::bad_url,
                    "request to " + url->host_port() +
                        " not sent: the key or a header holds a line break or control character");
  }
  Impl& impl = *impl_;
  if (url->https) {
    const Status found = impl.find_certificates();
    if (!found.ok()) {
      return not_sent(FailureKind::tls,
                      "TLS with " + url->host_port() + " not possible: " + found.message());
    }
  }
  const bool names = !impl.options.proxy.empty() || !url->is_numeric();
  if (!impl.prepare(url->https, names)) {
    return not_sent(FailureKind::connect, "libcurl cannot be set up: out of memory");
  }
  ResponseReader reader(impl.options.max_response_bytes);
  std::array<char, CURL_ERROR_SIZE> text{};
  impl.set_connection(request);
  if (url->https) impl.set_tls();
  impl.set_method(request);
  curl_easy_setopt(impl.easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(impl.easy, CURLOPT_ERRORBUFFER, text.data());
  curl_easy_setopt(impl.easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(impl.easy, CURLOPT_WRITEDATA, &reader);
  curl_easy_setopt(impl.easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(impl.easy, CURLOPT_HEADERDATA, &reader);

  CURLcode code = curl_easy_perform(impl.easy);
  if (code == CURLE_OK && !reader.headers_complete()) code = CURLE_PARTIAL_FILE;
  Outcome outcome;
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(impl.easy, CURLINFO_RESPONSE_CODE, &status);
    outcome.response = std::move(reader).take(static_cast<int>(status), wall_now_ms());
  } else {
    outcome = describe_failure(
        impl.easy, *url,
        {code, text.data(), reader.too_large(), request.timeout_ms, impl.ca_text()});
  }
  // The list and the buffer end here; nothing of them may be reached through the kept handle.
  curl_easy_setopt(impl.easy, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(impl.easy, CURLOPT_ERRORBUFFER, nullptr);
  return outcome;
}

}  // namespace socbridge::http
