// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "http/service.h"
#include "wazuh/engine_load.h"

namespace socbridge::wazuh {

struct Daemon {
  std::string name;    // wazuh-integratord
  std::string status;  // running, stopped, failed, restarting, starting
};

// Agents by the state of their connection. Agent 000, the manager itself, counts as active.
struct AgentCounts {
  std::uint64_t active = 0, disconnected = 0, never_connected = 0, pending = 0;
};

inline constexpr http::ProductErrors kApiErrors{"Wazuh API"};

// The manager's API (port 55000) of Wazuh 4. User and password are sent once, to get a token for
// the other calls; the token stays in this object. Errors: those of http::Service. Needs
// manager:read.
class ApiClient {
 public:
  // `login` has user and password.
  ApiClient(http::Client& http, http::ServiceOptions login);

  // POST /security/user/authenticate. Must succeed before other calls.
  Status log_in(const Deadline& deadline);
  Result<std::string> version(const Deadline& deadline);
  Result<std::vector<Daemon>> daemons(const Deadline& deadline);
  // Needs agent:read; agents that may not be read are not counted.
  Result<AgentCounts> agents(const Deadline& deadline);
  // The load of the node that answers. Empty: not available before Wazuh 4.4.
  Result<std::optional<EngineLoad>> engine_load(const Deadline& deadline);

  std::int64_t first_ms() const { return login_.first_ms(); }

 private:
  http::Client* http_;
  http::Service login_;
  http::Service session_;
};

}  // namespace socbridge::wazuh
