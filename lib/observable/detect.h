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
  std::string value;             // normalised; of a file its path
  bool private_address = false;  // an ip that no service outside can know
};

// Decides by content. `hxxp://evil[.]example` and other defanged forms are read as what they mean;
// ports and IPv6 zones are dropped; `198.51.100.0/24` is an ip; international names become their
// `xn--` form. A name that anybody can register (Public Suffix List) is a domain, one below it an
// fqdn. `host/path` without a scheme is taken as http. `@PATH`, and an existing path that begins
// with `./`, `../` or `/`, is a file. Everything else is `other`.
// Errors: nothing but blanks (bad_input), a file that is not there (usage), longer than 4096 bytes
// (bad_input).
Result<Observable> detect(std::string_view text);

// The same for a value whose type is known: normalised if it fits, else bad_input. Types beside
// those above are taken as they are.
Result<Observable> read_as(std::string_view type, std::string_view text);

// "domain" if anybody can register that name, "fqdn" if it is one below such a name.
const char* name_type(const std::string& ascii_name);

}  // namespace socbridge::observable
