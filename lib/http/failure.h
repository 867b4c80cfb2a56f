// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "http/client.h"
#include "http/url.h"

namespace socbridge::http {

// What is known about an exchange that libcurl ended with an error.
struct TransferResult {
  CURLcode code = CURLE_OK;
  const char* curl_text = "";   // libcurl's error buffer
  bool too_large = false;       // our own limit stopped it
  std::int64_t timeout_ms = 0;  // the budget it had
  std::string ca;               // where certificates were looked up, for TLS errors
};

// Kind and one-line text of a failed exchange. Once a byte of the request has left, also over a
// kept connection that libcurl gave up, the kind is never one of the "not sent" ones.
Outcome describe_failure(CURL* easy, const UrlParts& url, const TransferResult& ending);

// True once a byte of the request itself (not of a proxy's CONNECT) was handed to the connection.
bool sent_anything(CURL* easy);

// The useful part of libcurl's TLS texts: OpenSSL's error numbers and library names are left out.
std::string tls_reason(std::string_view curl_text);

}  // namespace socbridge::http
