// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "observable/validate.h"

namespace socbridge::observable {

// A value with its data type, as TheHive and Cortex name them.
struct Observable {
  std::string type;              // ip, domain, fqdn, url, hash, mail, file or other
  std::string value;             // normalised; for a file its path
  bool private_address = false;  // an ip that no external service can know
};

// Decides by content. Defanged forms such as `hxxp://evil[.]example` are refanged; ports and IPv6
// zones are dropped; `198.51.100.0/24` is an ip; international names become their `xn--` form. A
// registrable name (Public Suffix List) is a domain, a name below it an fqdn. `host/path` without a
// scheme is read as http. `@PATH`, and an existing path that begins with `./`, `../` or `/`, is a
// file. Everything else is `other`.
// Errors: only blanks (bad_input), a file that does not exist (usage), longer than 4096 bytes
// (bad_input).
Result<Observable> detect(std::string_view text);

// The same for a value whose type is known: normalised if it has that type, else bad_input. Values
// of types not listed above are returned unchanged.
Result<Observable> read_as(std::string_view type, std::string_view text);

// "domain" if the name is registrable, "fqdn" if it is below such a name.
const char* name_type(const std::string& ascii_name);

}  // namespace socbridge::observable
