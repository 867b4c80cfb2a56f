// SPDX-License-Identifier: Apache-2.0
// Bytes as the head of a request to `socctl metrics serve`, and as its Accept field.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "scratch.h"
#include "service/http_request.h"

namespace {

using namespace socbridge;

void as_request(std::string_view bytes) {
  HttpRequest request;
  const HttpParse result = parse_http_request(bytes, request);
  const bool ended = bytes.substr(0, kMaxRequestBytes).find("\r\n\r\n") != bytes.npos;
  fuzz::require(ended == (result == HttpParse::complete || result == HttpParse::bad));
  fuzz::require((result == HttpParse::too_large) == (!ended && bytes.size() >= kMaxRequestBytes));
  if (result != HttpParse::complete) return;
  fuzz::require(request.path.starts_with('/') && request.path.find('?') == std::string::npos);
  fuzz::require(!request.method.empty() && request.method.size() <= 16);
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; };
  fuzz::require(std::none_of(request.path.begin(), request.path.end(), control));
  fuzz::require(std::none_of(request.accept.begin(), request.accept.end(), control));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  as_request(bytes);
  for (const char* version : {"", "1.0.0"}) {
    const int quality = accept_quality(bytes, "a/b", version);
    fuzz::require(quality >= 0 && quality <= 1000);
  }
  return 0;
}
