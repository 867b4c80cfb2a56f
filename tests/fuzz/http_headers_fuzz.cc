// SPDX-License-Identifier: Apache-2.0
// Bytes as the header lines of an answer, as a Retry-After value, and as the error text shown for a
// page or redirect.
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "http/error_page.h"
#include "http/response.h"
#include "scratch.h"

namespace {

using namespace socbridge;

constexpr std::int64_t kNow = 1741938001000;
constexpr std::int64_t kWeekMs = std::int64_t{7} * 24 * 3600 * 1000;

void as_retry_after(std::string_view value) {
  const std::int64_t ms = http::parse_retry_after(value, kNow);
  fuzz::require(ms >= -1 && ms <= kWeekMs);
}

void as_answer(std::string_view bytes) {
  constexpr std::size_t kMost = 512;
  http::ResponseReader reader(kMost);
  const std::size_t blank = bytes.find("\r\n\r\n");
  std::string_view head = bytes.substr(0, blank);
  while (!head.empty()) {
    const std::size_t end = head.find('\n');
    if (!reader.header_line(head.substr(0, end == head.npos ? end : end + 1))) break;
    head.remove_prefix(end == head.npos ? head.size() : end + 1);
  }
  if (blank != bytes.npos) {
    const bool fits = reader.body_part(bytes.substr(blank + 4));
    fuzz::require(fits == (bytes.size() - blank - 4 <= kMost) && fits != reader.too_large());
  }
  const http::Response response = std::move(reader).take(302, kNow);
  fuzz::require(response.retry_after_ms >= -1 && response.retry_after_ms <= kWeekMs);
  fuzz::require(response.content_type == ascii_lower(response.content_type));
  for (const auto& [name, value] : response.headers) {
    fuzz::require(name == ascii_lower(name) && value.find('\n') == value.npos);
  }
  static_cast<void>(response.is_json());
  const std::string redirect = http::describe_redirect(response);
  fuzz::require(redirect == printable(redirect, SIZE_MAX));
  fuzz::require(http::page_text(response.body).size() <= response.body.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  as_retry_after(bytes);
  as_answer(bytes);
  return 0;
}
