// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/outcome.h"
#include "health/canary.h"
#include "health/canary_log.h"
#include "health/canary_stage.h"
#include "health/integration_run.h"
#include "health/temp_file.h"
#include "integration/settings.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::health {

// The start of the canary: its alert is passed to custom-w2thive like by integratord, or, without a
// local manager, mapped and delivered in this process.
class CanarySource {
 public:
  CanarySource(Env& env, const Options& options, const std::string& address);

  // Start with a log line, if analysisd's socket and a rule for it exist: pass it on, and wait for
  // its alert. send() then leaves the alert to integratord.
  CanaryLog::Possible can_begin_with_log() const;
  Stage write_log_line();
  // Empty: not found yet.
  Result<std::optional<Stage>> find_wazuh_alert();

  // With a local manager, sends no request itself. The program may take six times `step_ms`.
  Stage send(const profile::Endpoint& thehive, http::Client& http, const Deadline& deadline,
             std::int64_t step_ms);

  // Sends the alert from this process to the TheHive of `settings`, without circuit breaker and
  // spool.
  delivery::Outcome send_to(const integration::Settings& settings, http::Client& http,
                            const Deadline& deadline) const;

  // A defect of the local manager's spool that stops alerts; empty: none.
  struct SpoolDefect {
    std::string detail, next;
  };
  std::optional<SpoolDefect> spool_defect() const;

  bool is_manager() const { return here_; }
  bool is_integratords() const { return by_log_; }  // it began with a log line
  // Whether a raw alert in the spool is this canary's.
  bool is_mine(std::string_view raw) const;
  const mapping::Options& mapping() const { return loaded_.settings.mapping; }
  const std::string& spool_dir() const { return loaded_.settings.spool_dir; }
  const std::string& reference() const { return reference_; }  // of send(); empty: not mapped
  // Type and source that the mapping sets for the canary.
  const std::string& alert_type() const { return alert_type_; }
  const std::string& alert_source() const { return alert_source_; }
  UnixMillis made_at_ms() const { return made_at_ms_; }

 private:
  Stage deliver_here(const profile::Endpoint& thehive, http::Client& http,
                     const Deadline& deadline);
  // Maps raw_. Not ok: it is not forwarded.
  Stage map_it();
  Status write_arguments(IntegrationCall& call, std::vector<TempFile>& files) const;
  Stage run_the_program(std::int64_t step_ms);

  Env& env_;
  std::string home_;
  integration::Loaded loaded_;
  std::optional<wazuh::IntegrationBlock> block_;
  Status block_error_;
  bool here_ = false;
  UnixMillis made_at_ms_ = 0;
  std::string nonce_;
  CanaryLog log_;
  bool by_log_ = false;  // integratord runs it
  std::string raw_, reference_, alert_type_, alert_source_;
};

}  // namespace socbridge::health
