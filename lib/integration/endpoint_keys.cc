// SPDX-License-Identifier: Apache-2.0
#include "integration/endpoint_keys.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "config/key_text.h"
#include "http/client.h"
#include "http/url.h"

namespace socbridge::integration {
namespace {

// For a proxy libcurl also accepts a host name alone, and the SOCKS schemes.
Status parse_proxy(const std::string& proxy) {
  constexpr std::array<std::string_view, 6> kSchemes = {"http",    "https",  "socks4",
                                                        "socks4a", "socks5", "socks5h"};
  constexpr const char* kHint = "write it as http://host:port";
  const std::size_t end = proxy.find("://");
  std::string_view rest = proxy;
  if (end != std::string::npos) {
    const std::string scheme = ascii_lower(rest.substr(0, end));
    if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) {
      return Status::error(ExitCode::usage, "bad URL: not a scheme of a proxy", kHint);
    }
    rest.remove_prefix(end + 3);
  }
  const auto parts = http::parse_url("http://" + std::string(rest));
  if (parts.ok()) return {};
  return Status::error(ExitCode::usage, parts.status().message(), kHint);
}

}  // namespace

std::string place_of(const config::Settings& values, std::string_view key) {
  const std::string position = values.position(key);
  return values.origin(key) + (position.empty() ? "" : ":" + position);
}

Keys::Keys(const config::Settings& of, std::string_view destination)
    : values(of), path("destinations." + std::string(destination) + ".") {}

Status error_of(const Keys& keys, std::string_view key, const std::string& what, std::string hint) {
  return Status::error(ExitCode::usage,
                       place_of(keys.values, key) + ": " + keys.path + std::string(key) + what,
                       std::move(hint));
}

std::string below(const std::string& home, std::string path) {
  return path.empty() || path.starts_with('/') ? path : home + "/" + path;
}

Secret read_api_key(const Keys& keys, const Secret& argument_key, const config::KeyFileRules& rules,
                    std::string& key_file, std::vector<Status>& errors) {
  const Secret configured = keys.values.secret("api_key");
  const Secret& setting = configured.empty() ? argument_key : configured;
  if (setting.empty()) return {};
  key_file = config::key_file_of(setting, rules);
  auto key = config::read_key(setting, rules);
  if (key.ok()) return std::move(*key);
  errors.push_back(configured.empty() ? key.status()
                                      : error_of(keys, "api_key", ": " + key.status().message(),
                                                 key.status().hint()));
  return {};
}

std::string read_url(const Keys& keys, const UrlSource& otherwise, std::vector<Status>& errors) {
  const std::string configured = keys.values.text("url");
  const std::string& wanted = configured.empty() ? otherwise.url : configured;
  if (wanted.empty()) return {};
  auto url = http::normalise_base_url(wanted);
  if (url.ok()) return std::move(*url);
  errors.push_back(
      Status::error(ExitCode::usage,
                    (configured.empty() ? otherwise.origin
                                        : place_of(keys.values, "url") + ": " + keys.path + "url") +
                        ": " + url.status().message(),
                    url.status().hint()));
  return {};
}

std::string read_organisation(const Keys& keys, std::vector<Status>& errors) {
  std::string name = keys.values.text("organisation");
  // libcurl does not send a header line with control characters.
  if (config::has_control(name)) {
    errors.push_back(error_of(keys, "organisation", " holds control characters"));
    return name;
  }
  if (name.find_first_of("{}") == std::string::npos) return name;
  errors.push_back(error_of(keys, "organisation", " must not be a template: " + printable(name, 60),
                            "set one organisation; rules can use others of "
                            "\"destinations\""));
  return {};
}

std::string read_proxy(const Keys& keys, std::vector<Status>& errors) {
  std::string proxy = keys.values.text("proxy");
  if (proxy.empty()) return proxy;
  if (proxy.find('@') != std::string::npos) {
    errors.push_back(error_of(keys, "proxy", " must not have a user or password"));
    return {};
  }
  const auto url = parse_proxy(proxy);
  if (url.ok()) return proxy;
  errors.push_back(error_of(keys, "proxy", ": " + url.message(), url.hint()));
  return {};
}

}  // namespace socbridge::integration
