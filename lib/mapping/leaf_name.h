// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace socbridge::mapping {

// A name in lower case without `_`, `-`, `.`, blanks and the like: `src_ip`, `srcIp` and `Src IP`
// are the same. Nothing is left of a name longer than 64 bytes.
class PlainName {
 public:
  explicit PlainName(std::string_view name);
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 64> bytes_{};
  std::size_t size_ = 0;
};

// What the name of a leaf says about its value; names are plain.
namespace leaf {
bool no_address(std::string_view name);  // version, mask, build, our own, …: never an address
bool no_url(std::string_view name);      // documentation and console links
bool no_mail(std::string_view name);
bool hash(std::string_view name, std::string_view parent);
bool url(std::string_view name);  // also one without a scheme
bool domain(std::string_view name, std::string_view parent);
bool user(std::string_view name, std::string_view parent);
bool account(std::string_view name);  // of an account if its value is DOMAIN\user
bool user_agent(std::string_view name);
bool file(std::string_view name, std::string_view parent);
bool mac(std::string_view name);
bool tls_client(std::string_view name);  // a fingerprint of one, such as JA3
bool indicator(std::string_view name);   // of any type
bool address(std::string_view name);     // an address or a list of them
bool own_branch(std::string_view name);  // everything below is about our own machines or no finding
}  // namespace leaf

// A page of a product or of its documentation, not of an attacker. The URL has a scheme.
bool is_console_url(std::string_view url);

}  // namespace socbridge::mapping
