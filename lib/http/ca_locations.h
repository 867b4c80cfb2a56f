#pragma once

#include <string>

namespace socbridge::http {

struct CaLocation {
  std::string file;
  std::string dir;
};

// The first CA store that exists: a hashed directory is preferred (the library then reads only the
// one certificate it needs), else the bundle of Debian, RHEL/Fedora, SUSE or Alpine. Both empty if none.
CaLocation probe_ca_locations();

}  // namespace socbridge::http
