// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "delivery/destination_state.h"
#include "http/client.h"
#include "integration/settings.h"

namespace socbridge::delivery {

// The way through a Destination's gate for whoever sends one request at a time and can wait for its
// turn. All references must outlive it.
class BreakerGuard {
 public:
  BreakerGuard(Env& env, const std::string& spool_dir, http::Client& http,
               const integration::Settings& settings);

  // The right to send one request, after waiting for others that are finding out, and after asking
  // with the key if it was refused before. Empty: TheHive is to be left alone; why(), until_ms().
  // Keep the pass until report().
  std::optional<Destination::Pass> enter(const Deadline& deadline);

  std::optional<Destination::Notice> report(const Attempt& attempt);

  const std::string& why() const { return why_; }    // one line for people
  UnixMillis until_ms() const { return until_ms_; }  // about when to come again; 0: soon
  bool key_is_refused() const;
  // Empty since a lock cannot be had, an error of this machine: what is kept nowhere else may go.
  bool has_no_lock() const { return no_lock_; }
  // Empty after waiting for other processes until the deadline.
  bool waited_in_vain() const { return waited_in_vain_; }

 private:
  http::Client& http_;
  const integration::Settings& settings_;
  Destination destination_;
  std::string why_;
  UnixMillis until_ms_ = 0;
  bool no_lock_ = false, waited_in_vain_ = false;
};

}  // namespace socbridge::delivery
