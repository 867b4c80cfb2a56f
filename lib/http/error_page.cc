// SPDX-License-Identifier: Apache-2.0
#include "http/error_page.h"

#include <string_view>

#include "base/text.h"
#include "http/url_login.h"

namespace socbridge::http {

std::string page_text(const std::string& body) {
  const std::string_view head = std::string_view(body).substr(0, 4096);
  const std::string lower = ascii_lower(head);
  const std::size_t open = lower.find("<title");
  const std::size_t start = open == std::string::npos ? open : lower.find('>', open);
  if (start != std::string::npos) {
    const std::size_t end = lower.find("</title", start);
    return std::string(
        trim(head.substr(start + 1, end == std::string::npos ? 100 : end - start - 1)));
  }
  return lower.find("<html") == std::string::npos ? std::string(trim(head)) : std::string();
}

bool is_access_refusal(int status) {
  return status == 401 || status == 402 || status == 403 || status == 407;
}

Status refused_before(const std::string& text, std::string_view product) {
  const std::string name(product);
  return Status::error(ExitCode::unreachable, text + ": a proxy or firewall answered, not " + name,
                       "check the proxy or firewall before " + name + ", and the URL");
}

std::string describe_redirect(const Response& response) {
  std::string target;
  for (const auto& [name, value] : response.headers) {
    if (name == "location") target = without_logins(value);
  }
  const std::string_view location = target;
  const std::string line = "HTTP " + std::to_string(response.status) + ": ";
  const std::size_t scheme = location.find("://");
  if (scheme == std::string_view::npos) {
    return line + "the URL redirects to another path of the same server";
  }
  std::string_view host = location.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  return line + "the URL redirects to " + printable(location.substr(0, scheme), 10) + "://" +
         printable(host, 100);
}

}  // namespace socbridge::http
