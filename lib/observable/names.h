// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::observable {

// The `xn--` form of an international name; any other name is returned unchanged.
std::string ascii_name(const std::string& name);

// The URL with its host in that form. The URL must have a scheme (`://`).
std::string ascii_url(const std::string& url);

enum class NameKind {
  public_name,   // under a suffix of the Public Suffix List, or under `example`
  private_name,  // under a suffix that is only used inside networks: local, lan, internal, …
  file_name,     // ends in a file name extension: setup.exe
  unknown,       // any other suffix that is not in a list
};

// `name` is a DNS name in lower case and ASCII.
NameKind name_kind(std::string_view name);

// Whether a text, possibly an international name, is a DNS name of kind public_name.
bool is_public_domain(std::string_view text);

// `host:8080` without its port; a text that does not end in a colon and digits is unchanged.
std::string_view without_port(std::string_view host);

// Whether the name is below in-addr.arpa or ip6.arpa.
bool is_reverse_name(std::string_view name);

}  // namespace socbridge::observable
