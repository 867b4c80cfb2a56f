#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socbridge::mapping {

// DNS name in lower case without a trailing dot, or "". At least two labels of letters, digits,
// hyphens, inner underscores or UTF-8; the last is not a number. Not taken: names whose first label
// begins with an underscore (`_ldap._tcp…`), reverse lookups (`.arpa`), localhost.
std::string normal_domain(std::string_view text);

// Host name in lower case, one label or more, or "". Leading `\\` is taken off.
std::string normal_host(std::string_view text);

// Mail address in lower case out of `Name <user@example.com>`, `mailto:…` or the bare form, or "".
std::string normal_mail(std::string_view text);

// `host:port` or `host`: the part before the port; the text itself if there is none.
std::string_view without_port(std::string_view text);

}  // namespace socbridge::mapping
