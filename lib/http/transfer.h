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

// Where certificates are looked up for some TLS options; found once.
class Certificates {
 public:
  // A file that cannot be read would otherwise show up as a long text of the TLS library.
  Status find(const TlsOptions& tls);
  const CaLocation& location() const { return location_; }
  std::string text() const;  // for people

 private:
  CaLocation location_;
  bool known_ = false;
};

// A libcurl easy handle that is made when it is first needed and used again, with its connections.
class Handle {
 public:
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();
  // Sets libcurl up and resets what the last request left. False: out of memory.
  bool prepare();
  CURL* get() const { return easy_; }

 private:
  CURL* easy_ = nullptr;
};

// One request on one easy handle: everything that libcurl is given and everything it gives back.
// Shared by the clients that wait for one answer, that have many in flight, and that read streams.
class Transfer {
 public:
  // Both must outlive the exchange, and `options` keep its place.
  Transfer(const ClientOptions& options, Certificates& certificates)
      : options_(options), certificates_(certificates), reader_(options.max_response_bytes) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Sets the handle up. If it cannot be sent, an Outcome that says why; otherwise one with
  // FailureKind::none and no status. `request` must live until finish().
  Outcome prepare(Handle& handle, const Request& request);

  // What became of it, by libcurl's result. The handle holds no pointer into this afterwards.
  Outcome finish(CURLcode code);

  // The time it was given, as texts will have it, when it is ended before that.
  void cut_time(std::int64_t ms) { timeout_ms_ = ms; }

  CURL* easy() const { return easy_; }

  // For streams, which take the body themselves: whether the headers are there, and what is to be
  // kept of a body after all (false: over the limit).
  bool headers_complete() const { return reader_.headers_complete(); }
  bool take_body(std::string_view bytes) { return reader_.body_part(bytes); }

 private:
  void set_connection(const Request& request);
  void set_tls();
  void set_method(const Request& request);
  Status set_form(const Request& request);  // a file that cannot be read, or no memory

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
