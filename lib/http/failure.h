// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "http/client.h"
#include "http/url.h"

namespace socbridge::http {

// Data on an exchange that libcurl ended with an error.
struct TransferResult {
  CURLcode code = CURLE_OK;
  const char* curl_text = "";   // libcurl's error buffer
  bool too_large = false;       // our own limit ended it
  std::int64_t timeout_ms = 0;  // the time limit it had
  std::string ca;               // where CA certificates were searched, for TLS errors
};

// Kind and one-line text of a failed exchange. Once a byte of the request was sent, even over a
// kept connection that libcurl then dropped, the kind is never one of the "not sent" ones.
Outcome describe_failure(CURL* easy, const UrlParts& url, const TransferResult& ending);

// Whether a byte of the request itself (not of a proxy's CONNECT) was passed to the connection.
bool sent_anything(CURL* easy);

// The useful part of libcurl's TLS texts, without OpenSSL's error numbers and library names.
std::string tls_reason(std::string_view curl_text);

}  // namespace socbridge::http
