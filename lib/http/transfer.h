// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/ca_locations.h"
#include "http/client.h"
#include "http/headers.h"
#include "http/response.h"
#include "http/url.h"

namespace socbridge::http {

// Where the CA certificates for some TLS options are; searched once.
class Certificates {
 public:
  // Checks that the files can be read: the TLS library's own error is long and unclear.
  Status find(const TlsOptions& tls);
  const CaLocation& location() const { return location_; }
  std::string text() const;  // for people

 private:
  CaLocation location_;
  bool known_ = false;
};

// A libcurl easy handle, created on first use and reused with its connections.
class Handle {
 public:
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();
  // Initialises libcurl and resets the state of the last request. False: out of memory.
  bool prepare();
  CURL* get() const { return easy_; }

 private:
  CURL* easy_ = nullptr;
};

// One request on one easy handle, with all data passed to libcurl and all its results. Shared by
// the clients for one answer, for many requests in flight, and for streams.
class Transfer {
 public:
  // Both must outlive the exchange, and `options` must not move.
  Transfer(const ClientOptions& options, Certificates& certificates)
      : options_(options), certificates_(certificates), reader_(options.max_response_bytes) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Sets the handle up. If the request cannot be sent, returns the Outcome with the reason; else
  // one with FailureKind::none and no status. `request` must live until finish().
  Outcome prepare(Handle& handle, const Request& request);

  // The outcome by libcurl's result. The handle then no longer points into this object.
  Outcome finish(CURLcode code);

  // Sets the timeout that messages name, for an exchange that is ended early.
  void cut_time(std::int64_t ms) { timeout_ms_ = ms; }

  CURL* easy() const { return easy_; }

  // For streams, which consume the body themselves: whether the headers are complete, and storing
  // the body of a refusal (false: over the limit).
  bool headers_complete() const { return reader_.headers_complete(); }
  bool take_body(std::string_view bytes) { return reader_.body_part(bytes); }

 private:
  void set_connection(const Request& request);
  void set_tls();
  void set_method(const Request& request);
  Status set_form(const Request& request);  // a file that cannot be read, or out of memory

  const ClientOptions& options_;
  Certificates& certificates_;
  CURL* easy_ = nullptr;
  UrlParts url_;
  std::int64_t timeout_ms_ = 0;
  HeaderList headers_;
  std::unique_ptr<curl_mime, decltype(&curl_mime_free)> form_{nullptr, &curl_mime_free};
  ResponseReader reader_;
  std::array<char, CURL_ERROR_SIZE> text_{};
};

}  // namespace socbridge::http
