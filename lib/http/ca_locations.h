// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"

namespace socbridge::http {

struct CaLocation {
  std::string file;
  std::string dir;
};

// The first CA store that exists: preferably a hashed directory, from which the library reads only
// the certificate it needs, else the bundle of Debian, RHEL/Fedora, SUSE or Alpine. Both members
// are empty if there is none.
CaLocation probe_ca_locations();

// The same below another root folder ("" is /), for tests.
CaLocation probe_ca_locations(Env& env, const std::string& root);

}  // namespace socbridge::http
