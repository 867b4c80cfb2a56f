// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::observable {

// The `xn--` form of an international name; what has none comes back as it is.
std::string ascii_name(const std::string& name);

// The URL with its host in that form. It must have a scheme (`://`).
std::string ascii_url(const std::string& url);

enum class NameKind {
  public_name,   // under a suffix of the Public Suffix List, or under `example`
  private_name,  // under a suffix that is only used inside networks: local, lan, internal, …
  file_name,     // ends like a file: setup.exe
  unknown,       // any other suffix that is in no list
};

// `name` is a DNS name in lower case and ASCII.
NameKind name_kind(std::string_view name);

// A name below in-addr.arpa or ip6.arpa.
bool is_reverse_name(std::string_view name);

}  // namespace socbridge::observable
