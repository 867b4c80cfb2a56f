// SPDX-License-Identifier: Apache-2.0
#include "wazuh/version.h"

#include <charconv>

#include "json/value.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;

std::optional<Version> from_json(Env& env, const std::string& home) {
  const auto text = env.read_file(home + "/VERSION.json", kMaxBytes);
  if (!text.ok()) return std::nullopt;
  const auto document = json::Document::parse(*text);
  if (!document.ok()) return std::nullopt;
  const auto version = document->root()["version"].string();
  return version ? parse_version(*version) : std::nullopt;
}

std::optional<Version> from_control(Env& env, const std::string& home) {
  const auto text = env.read_file(home + "/bin/wazuh-control", kMaxBytes);
  if (!text.ok()) return std::nullopt;
  constexpr std::string_view kLine = "\nVERSION=\"";
  const std::size_t at = text->find(kLine);
  if (at == std::string::npos) return std::nullopt;
  return parse_version(std::string_view(*text).substr(at + kLine.size()));
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  Version version;
  const auto major = std::from_chars(text.data(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
  if (minor.ec != std::errc() || version.major < 0 || version.minor < 0) return std::nullopt;
  return version;
}

std::optional<Version> installed_version(Env& env, const std::string& home) {
  if (auto version = from_json(env, home)) return version;
  return from_control(env, home);
}

}  // namespace socbridge::wazuh
