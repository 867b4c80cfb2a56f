// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace socbridge::mapping {

// A name in lower case without `_`, `-`, `.`, blanks and the like: `src_ip`, `srcIp` and `Src IP`
// are the same. Names longer than 64 characters come out empty.
std::string plain_name(std::string_view name);

// Whether a plain name is one of the words.
template <std::size_t N>
bool is_word(std::string_view name, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), name) != words.end();
}

// What the name of a leaf says about its value; names are plain.
namespace leaf {
bool no_address(std::string_view name);  // version, mask, build, our own, …: never an address
bool no_url(std::string_view name);      // documentation and console links
bool no_mail(std::string_view name);
bool hash(std::string_view name);
bool domain(std::string_view name);
bool user(std::string_view name, std::string_view parent);
bool user_agent(std::string_view name);
bool file(std::string_view name);
bool indicator(std::string_view name);   // of any type
bool address(std::string_view name);     // an address or a list of them
bool own_branch(std::string_view name);  // everything below is about our own machines or no finding
}  // namespace leaf

// A page of a product or of its documentation, not of an attacker. The URL has a scheme.
bool is_console_url(std::string_view url);

}  // namespace socbridge::mapping
