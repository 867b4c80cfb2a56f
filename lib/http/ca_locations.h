// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"

namespace socbridge::http {

struct CaLocation {
  std::string file;
  std::string dir;
};

// The first CA store that exists: a hashed directory is preferred (the library then reads only the
// one certificate it needs), else the bundle of Debian, RHEL/Fedora, SUSE or Alpine. Both empty if
// none.
CaLocation probe_ca_locations();

// The same below another root folder ("" is the real one), for tests.
CaLocation probe_ca_locations(Env& env, const std::string& root);

}  // namespace socbridge::http
