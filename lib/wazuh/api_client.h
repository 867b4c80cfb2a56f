// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "http/service.h"

namespace socbridge::wazuh {

struct Daemon {
  std::string name;    // wazuh-integratord
  std::string status;  // running, stopped, failed, restarting, starting
};

// The manager's own API (port 55000) of Wazuh 4. Name and password are sent once, to get a token
// for the other calls; the token stays in this object. Errors as http::Service gives them. Needs
// manager:read.
class ApiClient {
 public:
  // `login` has user and password.
  ApiClient(http::Client& http, http::ServiceOptions login);

  // POST /security/user/authenticate. Must succeed before the others are called.
  Status log_in(const Deadline& deadline);
  Result<std::string> version(const Deadline& deadline);
  Result<std::vector<Daemon>> daemons(const Deadline& deadline);

  std::int64_t first_ms() const { return login_.first_ms(); }

 private:
  http::Client* http_;
  http::Service login_;
  http::Service session_;
};

}  // namespace socbridge::wazuh
