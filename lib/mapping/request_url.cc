// SPDX-License-Identifier: Apache-2.0
#include "mapping/request_url.h"

#include "base/text.h"
#include "mapping/leaf_name.h"
#include "mapping/words.h"
#include "observable/names.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

constexpr Words<9> kHosts = {"hostname",           "host",  "httphost", "requesthost",
                             "clientrequesthost",  "dhost", "dstname",  "dsthostname",
                             "destinationhostname"};
constexpr Words<11> kPaths = {
    "url",        "uri",     "requesturi", "clientrequesturi", "requestpath", "clientrequestpath",
    "requesturl", "uripath", "urlpath",    "httpuri",          "httpurl"};
constexpr Words<9> kSchemes = {"scheme",  "protocol", "service",    "requestscheme", "port",
                               "dstport", "destport", "serverport", "httpscheme"};

bool is_remote_host(std::string_view text) {
  return observable::parse_ip(text) || observable::is_public_domain(observable::without_port(text));
}

// The host as in a URL, where an IPv6 address is in brackets.
std::string in_url(std::string_view host) {
  const bool bare_v6 = host.front() != '[' && host.find(':') != host.rfind(':');
  return bare_v6 ? "[" + std::string(host) + "]" : std::string(host);
}

const char* scheme_of(std::string_view text) {
  if (iequals(text, "https") || text == "443" || iequals(text, "ssl") || iequals(text, "tls"))
    return "https";
  if (iequals(text, "http") || text == "80") return "http";
  return nullptr;
}

// A cheap test first: most objects have no path.
bool has_path(json::Value object) {
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (object.value_at(i).string_or_empty().starts_with('/')) return true;
  }
  return false;
}

}  // namespace

std::optional<RequestUrl> request_url(json::Value object, std::string_view own_name) {
  if (!has_path(object)) return std::nullopt;
  std::string_view host, path, host_key, path_key;
  const char* scheme = nullptr;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const std::string_view key = object.key_at(i);
    const json::Value member = object.value_at(i);
    if (key == "headers" && host.empty()) {
      for (const std::string_view name : {"Host", "host"}) {
        host = member[name].string().value_or(host);
      }
      host_key = "headers.Host";
    }
    const auto text = member.string();
    if (!text || text->empty()) continue;
    const PlainName plain(key);
    const std::string_view name = plain.text();
    if (kHosts.has(name) || (own_name == "url" && name == "domain")) {
      if (host.empty() || host_key == "headers.Host") host = *text, host_key = key;
    } else if (kPaths.has(name) || (own_name == "url" && name == "path")) {
      if (text->front() == '/' && text->size() > path.size()) path = *text, path_key = key;
    } else if (kSchemes.has(name) && scheme == nullptr) {
      scheme = scheme_of(*text);
    }
  }
  if (path.size() < 2 || path.starts_with("//") || !is_remote_host(host)) return std::nullopt;
  RequestUrl out;
  out.host = std::string(host);
  out.guessed_scheme = scheme == nullptr;
  out.url =
      std::string(scheme == nullptr ? "http" : scheme) + "://" + in_url(host) + std::string(path);
  out.fields = std::string(host_key) + "+" + std::string(path_key);
  return out;
}

}  // namespace socbridge::mapping
