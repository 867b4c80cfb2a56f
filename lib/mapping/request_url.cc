// SPDX-License-Identifier: Apache-2.0
#include "mapping/request_url.h"

#include <array>

#include "base/text.h"
#include "mapping/leaf_name.h"
#include "observable/names.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

constexpr std::array<std::string_view, 9> kHosts = {
    "hostname", "host",    "httphost",    "requesthost",        "clientrequesthost",
    "dhost",    "dstname", "dsthostname", "destinationhostname"};
constexpr std::array<std::string_view, 11> kPaths = {
    "url",        "uri",     "requesturi", "clientrequesturi", "requestpath", "clientrequestpath",
    "requesturl", "uripath", "urlpath",    "httpuri",          "httpurl"};
constexpr std::array<std::string_view, 9> kSchemes = {"scheme",        "protocol",   "service",
                                                      "requestscheme", "port",       "dstport",
                                                      "destport",      "serverport", "httpscheme"};

bool is_remote_host(std::string_view text) {
  return observable::parse_ip(text) || observable::is_public_domain(observable::without_port(text));
}

const char* scheme_of(std::string_view text) {
  if (iequals(text, "https") || text == "443" || iequals(text, "ssl") || iequals(text, "tls"))
    return "https";
  if (iequals(text, "http") || text == "80") return "http";
  return nullptr;
}

}  // namespace

std::optional<RequestUrl> request_url(json::Value object, std::span<const std::string> names,
                                      std::string_view own_name) {
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
    const std::string& name = names[i];
    if (is_word(name, kHosts) || (own_name == "url" && name == "domain")) {
      if (host.empty() || host_key == "headers.Host") host = *text, host_key = key;
    } else if (is_word(name, kPaths) || (own_name == "url" && name == "path")) {
      if (text->front() == '/' && text->size() > path.size()) path = *text, path_key = key;
    } else if (is_word(name, kSchemes) && scheme == nullptr) {
      scheme = scheme_of(*text);
    }
  }
  if (path.size() < 2 || path.starts_with("//") || !is_remote_host(host)) return std::nullopt;
  RequestUrl out;
  out.host = std::string(host);
  out.guessed_scheme = scheme == nullptr;
  out.url = std::string(scheme == nullptr ? "http" : scheme) + "://" + out.host + std::string(path);
  out.fields = std::string(host_key) + "+" + std::string(path_key);
  return out;
}

}  // namespace socbridge::mapping
