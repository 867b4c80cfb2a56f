// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"
#include "http/client.h"

namespace socbridge::http {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Status bad(std::string reason, std::string hint = "write it as http://host:port or https://host") {
  return Status::error(ExitCode::usage, "bad URL: " + std::move(reason), std::move(hint));
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '-' || c == '_';
  });
}

// The text between the brackets: an IPv6 address, perhaps with a zone such as %25eth0.
bool is_bracketed_host(std::string_view host) {
  const std::size_t zone = host.find('%');
  const std::string_view address = host.substr(0, zone);
  const bool hex = std::all_of(address.begin(), address.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  });
  if (!hex || address.find(':') == std::string_view::npos) return false;
  if (zone == std::string_view::npos) return true;
  const std::string_view name = host.substr(zone + 1);
  return !name.empty() && is_host_name(name);
}

Status take_port(std::string_view text, UrlParts& parts) {
  if (text.empty()) return {};  // "host:" means the scheme's port (RFC 3986, 3.2.3)
  const auto port = parse_u64(text);
  if (!port || *port == 0 || *port > 65535) return bad("the port is not a number from 1 to 65535");
  parts.port = static_cast<std::uint16_t>(*port);
  parts.explicit_port = true;
  return {};
}

Status take_authority(std::string_view authority, UrlParts& parts) {
  if (authority.find('@') != std::string_view::npos) {
    return bad("it holds a user name or password",
               "take out what stands before the @; give a key instead");
  }
  std::string_view host = authority;
  std::string_view port;
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos || !is_bracketed_host(authority.substr(1, end - 1))) {
      return bad("the IPv6 address in brackets is not one");
    }
    host = authority.substr(0, end + 1);
    const std::string_view rest = authority.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return bad("text after the IPv6 address");
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    const std::size_t colon = authority.find(':');
    host = authority.substr(0, colon);
    if (colon != std::string_view::npos) port = authority.substr(colon + 1);
    if (host.empty()) return bad("it has no host");
    if (!is_host_name(host)) {
      return bad("the host name holds a character it cannot have",
                 "write international names in their xn-- form");
    }
  }
  parts.host = ascii_lower(host);
  return take_port(port, parts);
}

}  // namespace

std::string UrlParts::host_port() const { return host + ":" + std::to_string(port); }

bool UrlParts::is_numeric() const {
  in_addr address{};
  return host.starts_with('[') || ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

Result<UrlParts> parse_url(std::string_view url) {
  if (url.empty()) return bad("it is empty");
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f) return bad("it holds a blank or a control character");
    if (c == '\\') return bad("it holds a backslash");
  }
  UrlParts parts;
  std::string_view rest;
  if (istarts_with(url, "http://")) {
    rest = url.substr(7);
    parts.port = 80;
  } else if (istarts_with(url, "https://")) {
    rest = url.substr(8);
    parts.https = true;
    parts.port = 443;
  } else {
    return bad("it begins with neither http:// nor https://");
  }
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  const Status status = take_authority(rest.substr(0, end), parts);
  if (!status.ok()) return status;
  parts.tail = rest.substr(end);
  return parts;
}

std::string url_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

std::string join_url(std::string_view base, std::string_view path) {
  while (!base.empty() && base.back() == '/') base.remove_suffix(1);
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  std::string out(base);
  out += '/';
  out += path;
  return out;
}

Result<std::string> normalise_base_url(std::string_view url) {
  const auto parts = parse_url(url);
  if (!parts.ok()) return parts.status();
  std::string_view path = parts->tail;
  if (path.find_first_of("?#") != std::string_view::npos) {
    return bad("a base URL has no ? and no #", "end it after the host or the path prefix");
  }
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  std::string out = parts->https ? "https://" : "http://";
  out += parts->host;
  if (parts->explicit_port) out += ":" + std::to_string(parts->port);
  out += path;
  return out;
}

}  // namespace socbridge::http
