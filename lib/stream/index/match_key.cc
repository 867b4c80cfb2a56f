// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_key.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "observable/detect.h"
#include "observable/names.h"
#include "observable/refang.h"
#include "observable/validate.h"
#include "stream/index/match_network.h"

namespace socbridge::stream {
namespace {

struct Route {
  std::string_view from, kind;
};

constexpr Route kDataTypes[] = {
    {"ip", "ip"},
    {"domain", "name"},
    {"fqdn", "name"},
    {"hostname", "name"},
    {"url", "url"},
    {"uri_path", "url"},
    {"hash", "hash"},
    {"filename", "filename"},
    {"mail", "mail"},
    {"email", "mail"},
    {"mail_subject", "subject"},
    {"mail-subject", "subject"},
    {"registry", "regkey"},
    {"user-agent", "user-agent"},
    {"user_agent", "user-agent"},
    {"autonomous-system", "as"},
    {"account", "account"},
    {"user", "account"},
    {"username", "account"},
};

constexpr Route kPaths[] = {
    {"ipv4-addr:value", "ip"},
    {"ipv6-addr:value", "ip"},
    {"network-traffic:dst_ref.value", "ip"},
    {"network-traffic:src_ref.value", "ip"},
    {"domain-name:value", "name"},
    {"hostname:value", "name"},
    {"url:value", "url"},
    {"file:name", "filename"},
    {"email-addr:value", "mail"},
    {"email-message:subject", "subject"},
    {"windows-registry-key:key", "regkey"},
    {"user-agent:value", "user-agent"},
    {"autonomous-system:number", "as"},
    {"user-account:account_login", "account"},
    {"user-account:user_id", "account"},
};

template <std::size_t N>
std::string_view kind_for(const Route (&table)[N], std::string_view from) {
  for (const Route& route : table) {
    if (route.from == from) return route.kind;
  }
  return {};
}

// Handles ASCII names only: full processing of international ones looks up more than is needed.
std::string name_value(std::string_view text) {
  std::string name = ascii_lower(trim(text));
  const bool ascii = std::all_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    auto read = observable::read_as("domain", name);
    if (read.ok()) name = std::move(read->value);
  }
  if (name.ends_with('.')) name.pop_back();
  return name;
}

std::string registry_value(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kRoots[] = {
      {"hklm\\", "hkey_local_machine\\"},
      {"hkcu\\", "hkey_current_user\\"},
      {"hkcr\\", "hkey_classes_root\\"},
      {"hku\\", "hkey_users\\"},
      {"hkcc\\", "hkey_current_config\\"}};
  std::string key = ascii_lower(text);
  while (key.ends_with('\\')) key.pop_back();
  for (const auto& [brief, full] : kRoots) {
    if (key.starts_with(brief)) return std::string(full) + key.substr(brief.size());
  }
  return key;
}

std::string normalise(std::string_view kind, std::string_view raw) {
  const std::string_view text = trim(raw);
  if (kind == "ip") return ip_value(text);
  if (kind == "name") return name_value(text);
  if (kind == "hash") return observable::normalise_hash(text).value_or(std::string());
  if (kind == "mail") {
    const std::string mail = observable::parse_mail(text).value_or(std::string(text));
    const std::size_t at = mail.rfind('@') + 1;
    return ascii_lower(mail.substr(0, at) + observable::ascii_name(mail.substr(at)));
  }
  if (kind == "url") {
    const std::string plain = observable::refang(text);
    const auto url = observable::parse_url(plain);
    return url ? observable::ascii_url(*url) : plain;
  }
  if (kind == "filename" || kind == "account") return ascii_lower(text);
  if (kind == "regkey") return registry_value(text);
  if (kind == "as") {
    const std::string_view number = istarts_with(text, "as") ? text.substr(2) : text;
    return parse_u64(number) ? std::string(number) : std::string();
  }
  return std::string(text);
}

std::optional<MatchKey> make_key(std::string_view kind, std::string_view raw) {
  constexpr std::size_t kLongest = 65536;
  if (kind.empty() || raw.size() > kLongest) return std::nullopt;
  MatchKey key{std::string(kind), normalise(kind, raw)};
  if (key.value.empty()) return std::nullopt;
  return key;
}

// A file name also matches by the last part of its path, an account also without its domain.
void add_key(std::vector<MatchKey>& out, std::string_view kind, std::string_view raw) {
  auto key = make_key(kind, raw);
  if (!key) return;
  const std::size_t slash = kind == "filename"  ? key->value.find_last_of("/\\")
                            : kind == "account" ? key->value.rfind('\\')
                                                : std::string::npos;
  if (slash != std::string::npos) {
    if (auto base = make_key(kind, key->value.substr(slash + 1))) out.push_back(std::move(*base));
  }
  out.push_back(std::move(*key));
}

std::string_view kind_of_path(const std::string& type, const std::string& path) {
  const bool hashes = path == "hashes" || path.starts_with("hashes.");
  if (hashes && (type == "file" || type == "artifact" || type == "x509-certificate")) {
    return "hash";
  }
  return kind_for(kPaths, type + ":" + path);
}

}  // namespace

std::optional<MatchKey> key_of(std::string_view data_type, std::string_view data) {
  return make_key(kind_for(kDataTypes, data_type), data);
}

std::vector<MatchKey> keys_of(const opencti::Comparison& comparison) {
  std::vector<MatchKey> out;
  const std::string_view kind = kind_of_path(comparison.type, comparison.path);
  // `ISSUBSET '198.51.100.0/24'` on an address means that it lies in the network, like `=`.
  const bool wanted = comparison.op == "=" || comparison.op == "IN" ||
                      (comparison.op == "ISSUBSET" && kind == "ip");
  if (comparison.negated || !wanted || kind.empty()) return out;
  for (const std::string& value : comparison.values) add_key(out, kind, value);
  return out;
}

std::vector<MatchKey> keys_of_observable(json::Value stix) {
  std::vector<MatchKey> out;
  const std::string type(stix["type"].string_or_empty());
  for (const Route& route : kPaths) {
    const std::size_t colon = route.from.find(':');
    if (route.from.substr(0, colon) != type) continue;
    const auto value = stix[route.from.substr(colon + 1)].scalar_text();
    if (value) add_key(out, route.kind, *value);
  }
  if (kind_of_path(type, "hashes") == "hash") {
    const json::Value hashes = stix["hashes"];
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      add_key(out, "hash", hashes.value_at(i).string_or_empty());
    }
  }
  return out;
}

}  // namespace socbridge::stream
