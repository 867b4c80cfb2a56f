// SPDX-License-Identifier: Apache-2.0
// Bytes as the Accept field of a request to a page of ours, and as its Authorization field.
#include <cstdint>
#include <string_view>

#include "scratch.h"
#include "web/accept.h"
#include "web/basic_users.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* version : {"", "1.0.0"}) {
    const int quality = web::accept_quality(bytes, "a/b", version);
    fuzz::require(quality >= 0 && quality <= 1000);
  }
  const auto shown = web::read_basic(bytes);
  if (shown) fuzz::require(shown->user.find(':') == std::string::npos);
  return 0;
}
