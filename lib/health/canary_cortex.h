// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "cortex/client.h"
#include "health/canary.h"
#include "thehive/connector.h"

namespace socbridge::health {

// Runs an analyzer for the canary: through TheHive's connector if it has one for addresses, else in
// Cortex directly if socctl has it configured.
class CanaryCortex {
 public:
  CanaryCortex(const CanaryEndpoints& endpoints, thehive::Client& client);

  // Starts a job on the observable. ok with an empty way(): not possible, see skip_reason().
  Status start(std::string_view observable_id, const std::string& address,
               std::string_view analyzer, const Deadline& deadline);

  struct Seen {
    bool ended = false, success = false;
    std::string error;  // of a failure, from job_error()
  };
  Result<Seen> look(const Deadline& deadline);

  // Deletes the job in Cortex if Cortex is configured. Best effort: no error.
  void clean_up(const std::function<void(const cortex::Job&)>& deleted, const Deadline& deadline);

  const std::string& way() const { return way_; }  // "through TheHive", "directly", or empty
  const std::string& skip_reason() const { return skip_reason_; }
  const std::string& analyzer() const { return analyzer_; }

 private:
  Status start_directly(const std::string& address, std::string_view wanted,
                        const Deadline& deadline);

  thehive::Client& client_;
  thehive::Connector connector_;
  Status error_;  // of socctl's configuration of Cortex
  std::unique_ptr<http::Client> http_;
  std::optional<cortex::Client> cortex_;
  std::string way_, analyzer_, job_id_, cortex_job_id_;
  std::string skip_reason_ = "neither TheHive nor socctl has a Cortex";
};

}  // namespace socbridge::health
