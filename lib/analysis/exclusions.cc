// SPDX-License-Identifier: Apache-2.0
#include "analysis/exclusions.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace socbridge::analysis {
namespace {

// The address in network order, 4 or 16 bytes; empty if it is none.
std::string address_bytes(std::string_view text) {
  const std::string copy(text);
  std::string out(sizeof(in6_addr), '\0');
  if (inet_pton(AF_INET, copy.c_str(), out.data()) == 1) {
    out.resize(sizeof(in_addr));
    return out;
  }
  if (inet_pton(AF_INET6, copy.c_str(), out.data()) == 1) return out;
  return {};
}

bool same_bits(const std::string& a, const std::string& b, unsigned bits) {
  if (a.size() != b.size()) return false;
  constexpr unsigned kByte = 8;
  const std::size_t whole = bits / kByte;
  if (a.compare(0, whole, b, 0, whole) != 0) return false;
  const unsigned rest = bits % kByte;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xff << (kByte - rest));
  return ((static_cast<unsigned char>(a[whole]) ^ static_cast<unsigned char>(b[whole])) & mask) ==
         0;
}

// The host that a name, a mail address or a URL is about, in lower case.
std::string host_of(std::string_view data_type, std::string_view value) {
  std::string_view host = value;
  if (data_type == "url") {
    const std::size_t scheme = host.find("://");
    if (scheme != std::string_view::npos) host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
  }
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  if (data_type == "url") {
    if (!host.empty() && host.front() == '[') {
      return ascii_lower(host.substr(1, host.find(']') - 1));
    }
    host = host.substr(0, host.find(':'));
  }
  return ascii_lower(host);
}

}  // namespace

Result<Exclusions> Exclusions::make(const std::vector<std::string>& patterns) {
  Exclusions out;
  for (const std::string& pattern : patterns) {
    const std::size_t slash = pattern.find('/');
    std::string bytes = address_bytes(std::string_view(pattern).substr(0, slash));
    if (!bytes.empty()) {
      const auto longest = static_cast<unsigned>(bytes.size() * 8);
      std::uint64_t bits = longest;
      if (slash != std::string::npos) {
        bits = parse_u64(std::string_view(pattern).substr(slash + 1)).value_or(longest + 1);
      }
      if (bits > longest) {
        return Status::error(ExitCode::usage, "\"" + printable(pattern, 60) + "\" is no network",
                             "the length is at most " + std::to_string(longest));
      }
      out.networks_.push_back({pattern, std::move(bytes), static_cast<unsigned>(bits)});
    } else if (pattern.starts_with("*.") && pattern.size() > 2) {
      out.names_.push_back(ascii_lower(std::string_view(pattern).substr(1)));
      out.name_texts_.push_back(pattern);
    } else {
      out.wholes_.push_back(ascii_lower(pattern));
    }
  }
  return out;
}

std::string_view Exclusions::find(std::string_view data_type, std::string_view value) const {
  const std::string lower = ascii_lower(value);
  const auto whole = std::find(wholes_.begin(), wholes_.end(), lower);
  if (whole != wholes_.end()) return *whole;
  const std::string host = host_of(data_type, value);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (host.ends_with(names_[i])) return name_texts_[i];
  }
  const std::string bytes = address_bytes(host);
  for (const Network& network : networks_) {
    if (!bytes.empty() && same_bits(bytes, network.bytes, network.bits)) return network.text;
  }
  return {};
}

}  // namespace socbridge::analysis
