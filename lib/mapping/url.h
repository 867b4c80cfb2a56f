#pragma once

#include <string_view>

#include "mapping/kind.h"

namespace socbridge::mapping {

// `scheme://host…` with scheme and host in lower case; the rest as it is. Empty type if it is none:
// no host, blanks or control characters inside.
Finding absolute_url(std::string_view text);

// What a field called url holds: an absolute URL (url), a path or relative reference (uri_path),
// `host:443` of a proxy's CONNECT (ip or domain, the port is left off), or junk (other).
Finding url_or_path(std::string_view text);

}  // namespace socbridge::mapping
