// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"

namespace socbridge::opencti {

// The user of a token, and the platform (docs/protocols/opencti.md, "Authentication", "Version and
// account"). The token itself is never requested.
struct Account {
  std::string id, name, email, status;  // status: `Active`, …
  std::vector<std::string> capabilities;
  std::vector<std::string> markings;  // TLP:GREEN, …: markings the user may see
  std::string draft;                  // name of the draft the user works in, or empty
  std::string platform_version;

  // A held capability whose name contains `capability` is enough; BYPASS implies all.
  bool can(std::string_view capability) const;
};
Result<Account> whoami(Client& client, const Deadline& deadline);

// What socctl uses a capability for, for people.
struct Need {
  std::string_view capability;
  std::string_view purpose;
};
const std::vector<Need>& needs();

}  // namespace socbridge::opencti
