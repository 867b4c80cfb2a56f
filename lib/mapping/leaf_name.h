// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace socbridge::mapping {

// A name in lower case without `_`, `-`, `.`, blanks and the like: `src_ip`, `srcIp` and `Src IP`
// are equal. Empty for a name longer than 64 bytes.
class PlainName {
 public:
  explicit PlainName(std::string_view name);
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 64> bytes_{};
  std::size_t size_ = 0;
};

// What a leaf's name implies about its value. All names are PlainNames.
namespace leaf {
bool no_address(std::string_view name);  // version, mask, build, our own, …: never an address
bool no_url(std::string_view name);      // documentation and console links
bool no_mail(std::string_view name);
bool hash(std::string_view name, std::string_view parent);
bool url(std::string_view name);  // even without a scheme
bool domain(std::string_view name, std::string_view parent);
bool user(std::string_view name, std::string_view parent);
bool account(std::string_view name);  // an account if its value is DOMAIN\user
bool user_agent(std::string_view name);
bool file(std::string_view name, std::string_view parent);
bool mac(std::string_view name);
bool tls_client(std::string_view name);  // a fingerprint of one, such as JA3
bool indicator(std::string_view name);   // of any type
bool address(std::string_view name);     // an address or a list of them
bool own_branch(std::string_view name);  // its content is about our own machines, or not a finding
}  // namespace leaf

// Whether the URL, which has a scheme, is a page of a product or its documentation, not of an
// attacker.
bool is_console_url(std::string_view url);

}  // namespace socbridge::mapping
