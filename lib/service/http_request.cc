// SPDX-License-Identifier: Apache-2.0
#include "service/http_request.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

bool is_field_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool read_request_line(std::string_view line, HttpRequest& out) {
  constexpr std::size_t kLongestMethod = 16;
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return false;
  if (method.empty() || method.size() > kLongestMethod) return false;
  if (!std::all_of(method.begin(), method.end(), is_upper)) return false;
  if (!target.starts_with('/') || !std::all_of(target.begin(), target.end(), is_visible)) {
    return false;
  }
  out.method = std::string(method);
  out.path = std::string(target.substr(0, target.find_first_of("?#")));
  return true;
}

bool read_field(std::string_view line, HttpRequest& out) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_field_name(line.substr(0, colon))) return false;
  const std::string_view value = line.substr(colon + 1);
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  };
  if (std::any_of(value.begin(), value.end(), is_control)) return false;
  if (ascii_lower(line.substr(0, colon)) == "accept") {
    out.accept += (out.accept.empty() ? "" : ", ") + std::string(trim(value));
  }
  return true;
}

// "1", "0.5", "0.125": thousandths; anything else is 0.
int thousandths(std::string_view text) {
  constexpr int kOne = 1000;
  constexpr std::size_t kLongest = 5;
  if (text.empty() || text.size() > kLongest || (text[0] != '0' && text[0] != '1')) return 0;
  int value = (text[0] - '0') * kOne;
  if (text.size() > 1 && text[1] != '.') return 0;
  int place = kOne / 10;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    value += (c - '0') * place;
    place /= 10;
  }
  return std::min(value, kOne);
}

}  // namespace

HttpParse parse_http_request(std::string_view bytes, HttpRequest& out) {
  const std::size_t end = bytes.substr(0, kMaxRequestBytes).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return bytes.size() >= kMaxRequestBytes ? HttpParse::too_large : HttpParse::incomplete;
  }
  out = {};
  std::string_view head = bytes.substr(0, end);
  bool first = true;
  while (first || !head.empty()) {
    const std::size_t stop = std::min(head.find(kLineEnd), head.size());
    const std::string_view line = head.substr(0, stop);
    if (!(first ? read_request_line(line, out) : read_field(line, out))) return HttpParse::bad;
    head.remove_prefix(std::min(head.size(), stop + kLineEnd.size()));
    first = false;
  }
  return HttpParse::complete;
}

int accept_quality(std::string_view accept, std::string_view type, std::string_view version) {
  constexpr int kOne = 1000;
  int best = 0;
  for (const std::string_view range : split(accept, ',')) {
    const auto parts = split(range, ';');
    if (parts.empty() || ascii_lower(trim(parts[0])) != type) continue;
    int quality = kOne;
    bool fits = true;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view part = trim(parts[i]);
      const std::string name = ascii_lower(trim(part.substr(0, part.find('='))));
      const std::string_view value =
          part.find('=') == std::string_view::npos ? "" : trim(part.substr(part.find('=') + 1));
      if (name == "q") quality = thousandths(value);
      if (name == "version" && !version.empty()) fits = value == version;
    }
    if (fits) best = std::max(best, quality);
  }
  return best;
}

}  // namespace socbridge
