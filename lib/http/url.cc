// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "http/client.h"

namespace socbridge::http {
namespace {

Status bad(std::string reason, std::string hint = "write it as http://host:port or https://host") {
  return Status::error(ExitCode::usage, "bad URL: " + std::move(reason), std::move(hint));
}

Status why_bad(CURLUcode code) {
  switch (code) {
    case CURLUE_UNSUPPORTED_SCHEME:
    case CURLUE_BAD_SCHEME: return bad("it begins with neither http:// nor https://");
    case CURLUE_USER_NOT_ALLOWED:
      return bad("it holds a user name or password",
                 "remove the part before the @ and set a key instead");
    case CURLUE_BAD_PORT_NUMBER: return bad("the port is not a number from 1 to 65535");
    case CURLUE_BAD_IPV6: return bad("the IPv6 address in brackets is not valid");
    case CURLUE_NO_HOST: return bad("it has no host");
    case CURLUE_BAD_HOSTNAME:
      return bad("the host name has an invalid character",
                 "write international names in their xn-- form");
    default: return bad(curl_url_strerror(code));
  }
}

// A part of a URL; empty if it is absent.
std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

// Stricter than libcurl, which decodes %XX.
bool is_host(std::string_view host) {
  return host.starts_with('[') || std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '.' || c == '-' || c == '_';
         });
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
  parts.https = istarts_with(url, "https://");
  if (!parts.https && !istarts_with(url, "http://")) return why_bad(CURLUE_BAD_SCHEME);
  const std::size_t begin = url.find("://") + 3;
  if (begin == url.size() || url[begin] == '/') return why_bad(CURLUE_NO_HOST);

  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (!parsed) return bad("out of memory");
  const CURLUcode code =
      curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) return why_bad(code);
  parts.host = ascii_lower(part_of(parsed.get(), CURLUPART_HOST));
  if (!is_host(parts.host)) return why_bad(CURLUE_BAD_HOSTNAME);
  if (const std::string zone = part_of(parsed.get(), CURLUPART_ZONEID); !zone.empty()) {
    if (!is_host(zone)) return why_bad(CURLUE_BAD_IPV6);
    parts.host.insert(parts.host.size() - 1, "%25" + ascii_lower(zone));
  }
  parts.explicit_port = !part_of(parsed.get(), CURLUPART_PORT).empty();
  const auto port = parse_u64(part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
  if (!port || *port == 0 || *port > UINT16_MAX) return why_bad(CURLUE_BAD_PORT_NUMBER);
  parts.port = static_cast<std::uint16_t>(*port);
  parts.tail = url.substr(std::min(url.find_first_of("/?#", begin), url.size()));
  return parts;
}

std::string url_encode(std::string_view text) {
  if (text.empty()) return {};  // libcurl would use strlen()
  const std::unique_ptr<char, decltype(&curl_free)> out(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
  return out ? out.get() : std::string();
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
    return bad("a base URL must not have ? or #", "end it after the host or the path prefix");
  }
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  std::string out = parts->https ? "https://" : "http://";
  out += parts->host;
  if (parts->explicit_port) out += ":" + std::to_string(parts->port);
  out += path;
  return out;
}

}  // namespace socbridge::http
