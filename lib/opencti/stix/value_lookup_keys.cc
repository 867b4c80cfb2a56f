// SPDX-License-Identifier: Apache-2.0
// The keys under which OpenCTI stores a value.
#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "observable/validate.h"
#include "opencti/stix/pattern.h"
#include "opencti/stix/stix_id.h"
#include "opencti/stix/value.h"
#include "opencti/stix/value_kinds.h"

namespace socbridge::opencti {
namespace {

std::string pattern(std::string_view path, std::string_view text, std::string_view op = "=") {
  return "[" + std::string(path) + " " + std::string(op) + " " + pattern_literal(text) + "]";
}

// The networks around an address, from the narrowest to the widest that indicators use.
std::vector<std::string> networks_around(const std::string& address) {
  constexpr std::array<unsigned, 25> kV4 = {31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19,
                                            18, 17, 16, 15, 14, 13, 12, 11, 10, 9,  8,  32};
  constexpr std::array<unsigned, 18> kV6 = {127, 126, 124, 120, 112, 96, 80, 64, 60,
                                            56,  52,  48,  44,  40,  36, 32, 29, 128};
  const bool v6 = is_v6(address);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1) return {};
  std::vector<std::string> out;
  const auto add = [&](unsigned bits) {
    constexpr unsigned kByte = 8;
    auto masked = bytes;
    for (unsigned i = 0; i < masked.size(); ++i) {
      const unsigned keep = bits > i * kByte ? std::min(bits - i * kByte, kByte) : 0;
      masked[i] = static_cast<unsigned char>(masked[i] & (0xFFU << (kByte - keep)));
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(v6 ? AF_INET6 : AF_INET, masked.data(), text.data(), text.size());
    out.push_back(std::string(text.data()) + "/" + std::to_string(bits));
  };
  if (v6) {
    for (const unsigned bits : kV6) add(bits);
  } else {
    for (const unsigned bits : kV4) add(bits);
  }
  return out;
}

LookupKeys ip_keys(const Value& value) {
  LookupKeys out;
  const std::string_view type = is_v6(value.text) ? "ipv6-addr" : "ipv4-addr";
  out.keys = {"value"};
  out.spellings = {value.text};
  // IPv6 addresses are stored in the spelling of their source.
  if (std::string given(trim(value.given)); given != value.text) out.spellings.push_back(given);
  out.paths = {std::string(type) + ":value"};
  for (const std::string& text : out.spellings) {
    out.patterns.push_back(pattern(out.paths.front(), text));
  }
  out.networks = networks_around(value.text);
  out.observable_id = observable_id(type, "value", value.text);
  return out;
}

LookupKeys hash_keys(const Value& value) {
  LookupKeys out;
  const std::string_view algorithm = hash_algorithm(value.text.size());
  if (algorithm.empty()) return out;
  out.keys = {"hashes." + std::string(algorithm)};
  out.spellings = {value.text};
  const std::string part =
      algorithm == "MD5" ? "MD5" : pattern_literal(algorithm);  // `-` needs quotes
  out.paths = {"file:hashes"};
  out.patterns = {pattern("file:hashes." + part, value.text)};
  return out;
}

// Keys for a value of unknown kind.
LookupKeys any_keys(const Value& value) {
  LookupKeys out;
  out.spellings = {value.text};
  out.keys = {"value", "name", "account_login", "user_id", "attribute_key", "path", "subject"};
  out.any_path = true;
  for (const char* path :
       {"text:value", "mutex:name", "user-agent:value", "user-account:account_login",
        "user-account:user_id", "windows-registry-key:key", "file:name", "process:command_line",
        "email-message:subject", "directory:path", "software:name", "mac-addr:value",
        "cryptocurrency-wallet:value", "phone-number:value", "domain-name:value", "hostname:value",
        "url:value", "email-addr:value"}) {
    out.patterns.push_back(pattern(path, value.text));
  }
  return out;
}

LookupKeys kind_keys(const ValueKind& kind, const Value& value) {
  LookupKeys out;
  out.spellings = {value.text};
  out.keys = words_of(kind.keys);
  out.paths = words_of(kind.paths);
  const bool file = kind.type == "StixFile";
  // A file may also be stored by the last part of its path.
  const std::size_t slash = file ? value.text.find_last_of("/\\") : std::string::npos;
  if (slash != std::string::npos && slash + 1 < value.text.size()) {
    out.spellings.push_back(value.text.substr(slash + 1));
  }
  for (const std::string& text : out.spellings) {
    for (const std::string& path : out.paths) out.patterns.push_back(pattern(path, text));
  }
  if (kind.type == "Autonomous-System") {  // some write the number without quotes
    out.patterns.push_back("[" + out.paths.front() + " = " + value.text + "]");
  }
  if (!kind.property.empty()) {
    const std::string_view path = kind.paths;
    out.observable_id = observable_id(path.substr(0, path.find(':')), kind.property, value.text);
  }
  return out;
}

}  // namespace

std::vector<std::string> network_patterns(const LookupKeys& lookup) {
  std::vector<std::string> out;
  for (const std::string& network : lookup.networks) {
    out.push_back(pattern(lookup.paths.front(), network));
    out.push_back(pattern(lookup.paths.front(), network, "ISSUBSET"));
  }
  return out;
}

LookupKeys lookup_keys_of(const Value& value) {
  if (value.text.empty()) return {};
  if (value.type == "ip") return ip_keys(value);
  if (value.type == "hash") return hash_keys(value);
  const ValueKind* kind = kind_of(value.type);
  LookupKeys out = kind == nullptr ? any_keys(value) : kind_keys(*kind, value);
  if (value.also.empty()) return out;
  const LookupKeys other = lookup_keys_of({value.given, value.also, value.text, {}});
  out.keys.insert(out.keys.end(), other.keys.begin(), other.keys.end());
  out.paths.insert(out.paths.end(), other.paths.begin(), other.paths.end());
  out.patterns.insert(out.patterns.end(), other.patterns.begin(), other.patterns.end());
  return out;
}

}  // namespace socbridge::opencti
