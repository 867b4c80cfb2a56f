// SPDX-License-Identifier: Apache-2.0
#include "http/transfer.h"

#include <sys/socket.h>

#include <algorithm>
#include <limits>

#include "base/env.h"
#include "http/curl_init.h"
#include "http/failure.h"

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

// libcurl resends a request if a kept connection closes before a complete header line of the
// answer. That could repeat a request that must be sent once, so no second socket is opened.
curl_socket_t open_socket_once(void* easy, curlsocktype, curl_sockaddr* address) {
  if (sent_anything(easy)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// With several connections libcurl could also resend over another kept one. This is called before
// each send.
int send_once(void* easy, char*, char*, int, int) {
  return sent_anything(easy) ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
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
  return !request.body.empty() || !request.form.empty() || request.method == "POST" ||
         request.method == "PUT" || request.method == "PATCH";
}

}  // namespace

Status Certificates::find(const TlsOptions& tls) {
  if (known_) return {};
  if (tls.ca_file.empty() && tls.ca_dir.empty()) {
    location_ = probe_ca_locations();
    if (location_.file.empty() && location_.dir.empty()) {
      return Status::error(ExitCode::failure, "no CA certificates on this machine; name a CA file");
    }
  } else {
    location_ = {tls.ca_file, tls.ca_dir};
  }
  for (const std::string& path : {location_.file, tls.client_cert_file, tls.client_key_file}) {
    if (path.empty()) continue;
    const auto file = Env::real().open_read(path);
    if (!file.ok()) return file.status();
    const auto info = Env::real().fstat(file->get());
    if (!info.ok()) return info.status();
    if (!info->is_file()) return Status::error(ExitCode::failure, path + " is not a file");
  }
  if (!location_.dir.empty()) {
    const auto info = Env::real().stat(location_.dir);
    if (!info.ok()) return info.status();
    if (!info->is_dir())
      return Status::error(ExitCode::failure, location_.dir + " is not a folder");
  }
  known_ = true;
  return {};
}

std::string Certificates::text() const {
  if (location_.file.empty()) return location_.dir;
  return location_.dir.empty() ? location_.file : location_.file + " and " + location_.dir;
}

Handle::~Handle() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
}

bool Handle::prepare() {
  if (!ensure_global_init()) return false;
  if (easy_ == nullptr) {
    easy_ = curl_easy_init();
  } else {
    curl_easy_reset(easy_);  // keeps connections; no pointer of the last request stays
  }
  return easy_ != nullptr;
}

void Transfer::set_connection(const Request& request) {
  curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_NODELAY, 1L);
  if (is_idempotent(request.method)) {
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  } else {
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &open_socket_once);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, easy_);
    curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &send_once);
    curl_easy_setopt(easy_, CURLOPT_PREREQDATA, easy_);
  }
  // Set both, even if empty: else libcurl reads http_proxy, all_proxy and no_proxy.
  curl_easy_setopt(easy_, CURLOPT_PROXY, options_.proxy.c_str());
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");
  if (!options_.proxy.empty() && !options_.proxy_login.empty()) {
    const std::string login(options_.proxy_login.reveal());
    const std::size_t colon = login.find(':');
    curl_easy_setopt(easy_, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(easy_, CURLOPT_PROXYUSERNAME, login.substr(0, colon).c_str());
    curl_easy_setopt(easy_, CURLOPT_PROXYPASSWORD,
                     colon == std::string::npos ? "" : login.substr(colon + 1).c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, to_curl_ms(request.timeout_ms));
  const std::int64_t connect_ms = options_.connect_timeout_ms > 0
                                      ? std::min(options_.connect_timeout_ms, request.timeout_ms)
                                      : request.timeout_ms;
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, to_curl_ms(connect_ms));
}

void Transfer::set_tls() {
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, options_.tls.insecure ? 0L : 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, options_.tls.insecure ? 0L : 2L);
  curl_easy_setopt(easy_, CURLOPT_PINNEDPUBLICKEY, or_null(options_.tls.pinned_key));
  // Set even if null: the path compiled into libcurl is that of the build machine.
  curl_easy_setopt(easy_, CURLOPT_CAINFO, or_null(certificates_.location().file));
  curl_easy_setopt(easy_, CURLOPT_CAPATH, or_null(certificates_.location().dir));
  curl_easy_setopt(easy_, CURLOPT_SSLCERT, or_null(options_.tls.client_cert_file));
  curl_easy_setopt(easy_, CURLOPT_SSLKEY, or_null(options_.tls.client_key_file));
}

Status Transfer::set_form(const Request& request) {
  const auto out_of_memory = Status::error(ExitCode::failure, "out of memory");
  form_.reset(curl_mime_init(easy_));
  if (form_ == nullptr) return out_of_memory;
  for (const FormPart& given : request.form) {
    curl_mimepart* part = curl_mime_addpart(form_.get());
    if (part == nullptr || curl_mime_name(part, given.name.c_str()) != CURLE_OK)
      return out_of_memory;
    if (given.file.empty()) {
      if (curl_mime_data(part, given.text.data(), given.text.size()) != CURLE_OK)
        return out_of_memory;
    } else {
      const auto file = Env::real().open_read(given.file);
      if (!file.ok()) return file.status();
      const auto info = Env::real().fstat(file->get());
      if (!info.ok()) return info.status();
      if (!info->is_file()) return Status::error(ExitCode::failure, given.file + " is not a file");
      if (curl_mime_filedata(part, given.file.c_str()) != CURLE_OK)
        return Status::error(ExitCode::failure, given.file + " cannot be read");
      curl_mime_filename(part, given.file_name.c_str());
    }
    if (!given.content_type.empty()) curl_mime_type(part, given.content_type.c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_MIMEPOST, form_.get());
  return {};
}

void Transfer::set_method(const Request& request) {
  if (!request.form.empty()) return;
  if (wants_body(request)) {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.c_str());
    if (request.method != "POST") {
      curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  } else if (request.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

Outcome Transfer::prepare(Handle& handle, const Request& request) {
  auto url = parse_url(request.url);
  if (!url.ok()) return not_sent(FailureKind::bad_url, url.status().message());
  url_ = std::move(*url);
  timeout_ms_ = request.timeout_ms;
  if (timeout_ms_ <= 0) {
    return not_sent(FailureKind::connect, "no time left to connect to " + url_.host_port());
  }
  if (!headers_.build(request, wants_body(request))) {
    return not_sent(FailureKind::bad_url,
                    "request to " + url_.host_port() +
                        " not sent: the key or a header holds a line break or control character");
  }
  if (url_.https) {
    const Status found = certificates_.find(options_.tls);
    if (!found.ok()) {
      return not_sent(FailureKind::tls,
                      "TLS with " + url_.host_port() + " is not possible: " + found.message());
    }
  }
  if (!handle.prepare()) {
    return not_sent(FailureKind::connect, "libcurl cannot be initialised: out of memory");
  }
  easy_ = handle.get();
  set_connection(request);
  if (url_.https) set_tls();
  set_method(request);
  if (!request.form.empty()) {
    const Status formed = set_form(request);
    if (!formed.ok()) return not_sent(FailureKind::bad_url, "form not sent: " + formed.message());
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, text_.data());
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &reader_);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, &reader_);
  return {};
}

Outcome Transfer::finish(CURLcode code) {
  if (code == CURLE_OK && !reader_.headers_complete()) code = CURLE_PARTIAL_FILE;
  Outcome outcome;
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    outcome.response = std::move(reader_).take(static_cast<int>(status), wall_now_ms());
  } else {
    outcome = describe_failure(
        easy_, url_, {code, text_.data(), reader_.too_large(), timeout_ms_, certificates_.text()});
  }
  // The list and the buffer are freed here; the kept handle must not point to them.
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
  if (form_ != nullptr) curl_easy_setopt(easy_, CURLOPT_MIMEPOST, nullptr);
  return outcome;
}

}  // namespace socbridge::http
