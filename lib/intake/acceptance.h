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

// The alert's way into the spool.
class Acceptance {
 public:
  // What is pointed to must outlive it.
  Acceptance(Env& env, std::string home, const Reporter& reporter)
      : env_(env), home_(std::move(home)), reporter_(reporter) {}

  // Opens the spool, once. False: error() says why not.
  bool open(const std::string& dir);
  // An entry for each destination, durable on return; or none, and error() says why. The bytes of
  // the alert stay what they were; they are not copied.
  void accept(const std::string& dir, const spool::Bounds& bounds, spool::Entry& entry,
              const std::vector<std::string>& destinations);
  // What no entry shows. No spool is made for it: a filtered alert leaves a new machine as it is.
  void count(const std::string& dir, spool::Counted counted, const std::string& destination = {});

  bool stored() const { return stored_; }
  bool full() const { return full_; }  // a bound of the spool is met
  const std::string& error() const { return error_; }
  UnixMillis accepted_ms() const { return accepted_ms_; }
  spool::Spool* spool() { return spool_ ? &*spool_ : nullptr; }
  // In the order of the destinations, once.
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
