// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/env.h"
#include "intake/reporter.h"
#include "spool/spool.h"

namespace socbridge::intake {

// Stores the alert in the spool.
class Acceptance {
 public:
  // `env` and `reporter` must outlive it.
  Acceptance(Env& env, std::string home, const Reporter& reporter)
      : env_(env), home_(std::move(home)), reporter_(reporter) {}

  // Opens the spool, once. False: error() has the reason.
  bool open(const std::string& dir);
  // Stores an entry for each destination, durably on return; or none, and error() has the reason.
  // The bytes of the alert are unchanged and not copied.
  void accept(const std::string& dir, const spool::Bounds& bounds, spool::Entry& entry,
              const std::vector<std::string>& destinations);
  // Counts a result without an entry. Does not create a spool: a filtered alert changes nothing on
  // a new machine.
  void count(const std::string& dir, spool::Counted counted, const std::string& destination = {});

  bool stored() const { return stored_; }
  bool full() const { return full_; }  // a limit of the spool is reached
  const std::string& error() const { return error_; }
  UnixMillis accepted_ms() const { return accepted_ms_; }
  spool::Spool* spool() { return spool_ ? &*spool_ : nullptr; }
  // In the order of the destinations. Call it once.
  std::vector<spool::Claim> take_claims() { return std::exchange(claims_, {}); }

 private:
  void log_failures();

  Env& env_;
  std::string home_;
  const Reporter& reporter_;
  std::optional<spool::Spool> spool_;
  std::vector<spool::Claim> claims_;
  std::string error_;
  bool stored_ = false, full_ = false;
  UnixMillis accepted_ms_ = 0;
};

}  // namespace socbridge::intake
