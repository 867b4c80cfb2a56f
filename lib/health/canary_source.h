// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "health/canary.h"
#include "health/canary_stage.h"
#include "integration/settings.h"
#include "wazuh/ossec_conf.h"

namespace socbridge::health {

// Where the canary starts: its alert, handed to custom-w2thive as integratord would, or, without a
// manager on this machine, mapped and delivered in this process.
class CanarySource {
 public:
  CanarySource(Env& env, const Options& options, const std::string& address);

  // Makes no request itself if there is a manager here. The program may take six times `step_ms`.
  Stage send(const profile::Endpoint& thehive, http::Client& http, const Deadline& deadline,
             std::int64_t step_ms);

  // What is wrong with the spool of the manager here and stops alerts; empty: nothing.
  struct SpoolDefect {
    std::string detail, next;
  };
  std::optional<SpoolDefect> spool_defect() const;

  bool is_manager() const { return here_; }
  const mapping::Options& mapping() const { return loaded_.settings.mapping; }
  const std::string& spool_dir() const { return loaded_.settings.spool_dir; }
  const std::string& reference() const { return reference_; }  // of send(); empty: not mapped
  // As the mapping makes them of the canary.
  const std::string& alert_type() const { return alert_type_; }
  const std::string& alert_source() const { return alert_source_; }
  const std::string& nonce() const { return nonce_; }
  UnixMillis made_at_ms() const { return made_at_ms_; }

 private:
  Stage deliver_here(const profile::Endpoint& thehive, http::Client& http,
                     const Deadline& deadline);
  Stage run_the_program(std::int64_t step_ms);

  Env& env_;
  std::string home_;
  integration::Loaded loaded_;
  std::optional<wazuh::IntegrationBlock> block_;
  Status block_error_;
  bool here_ = false;
  UnixMillis made_at_ms_ = 0;
  std::string nonce_, raw_, reference_, alert_type_, alert_source_;
};

}  // namespace socbridge::health
