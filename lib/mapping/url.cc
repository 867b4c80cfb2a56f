#include "mapping/url.h"

#include <algorithm>

#include "base/text.h"
#include "mapping/address.h"
#include "mapping/names.h"
#include "mapping/words.h"

namespace socbridge::mapping {
namespace {

bool is_scheme(std::string_view text) {
  if (text.empty() || text.size() > 32) return false;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

bool has_blank_or_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
  });
}

}  // namespace

Finding absolute_url(std::string_view text) {
  text = trim(text);
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos || !is_scheme(text.substr(0, mark))) return dropped("not a URL");
  if (has_blank_or_control(text)) return dropped("blank or control character in a URL");
  const std::size_t begin = mark + 3;
  const std::size_t end = std::min(text.find_first_of("/?#\\", begin), text.size());
  const std::string_view authority = text.substr(begin, end - begin);
  const std::size_t at = authority.rfind('@');
  const std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (host.empty() || host.front() == ':') return dropped("URL without a host");
  std::string value = ascii_lower(text.substr(0, begin));
  value += authority.substr(0, authority.size() - host.size());
  value += ascii_lower(host);
  value += text.substr(end);
  return {"url", std::move(value), {}, {}};
}

Finding url_or_path(std::string_view text) {
  text = trim(text);
  Finding url = absolute_url(text);
  if (!url.type.empty()) return url;
  if (text.find_first_not_of("/*") == std::string_view::npos) return dropped("root path");
  if (text.front() != '/' && !has_blank_or_control(text)) {
    if (auto address = parse_address(text)) return address_finding(std::move(*address));
    const std::string_view host = without_port(text);
    if (host.size() != text.size()) {
      std::string domain = normal_domain(host);
      return domain.empty() ? dropped("host without a domain") : Finding{"domain", std::move(domain), {}, {}};
    }
    // `www.example.com/x` is a URL without its scheme, `index.php?a=1` is a path.
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos && !normal_domain(text.substr(0, slash)).empty()) {
      return {"url", std::string(text), {}, {}};
    }
  }
  if (has_blank_or_control(text) && text.front() != '/') return text_finding("other", text);
  return text_finding("uri_path", text);
}

}  // namespace socbridge::mapping
