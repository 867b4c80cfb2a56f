// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "analysis/rules.h"
#include "analysis/state.h"
#include "analysis/submit.h"

namespace socbridge::analysis {

// The result for one new observable, or for one of its analyzers.
struct Event {
  thehive::ObservableInfo observable;
  std::string owner, rule;               // "alert ~123", if it was read; the rules that applied
  std::optional<Submission> submission;  // empty: skipped
  std::string why;                       // why it was skipped
};

struct PassReport {
  std::size_t observables = 0, started = 0, present = 0, postponed = 0, failed = 0, skipped = 0;
  UnixMillis retry_at_ms = 0;  // earliest time at which a postponed one can be tried
};

struct FollowOptions {
  UnixMillis since_ms = 0;  // where to begin if the state is empty
  bool restart = false;     // begin at since_ms in any case
  bool dry_run = false;     // start nothing, store nothing
  bool five_levels = true;
  bool cases_only = false;  // before 5.1 observables of alerts cannot be analysed
};

// Reads the observables that were created since the last pass and has them analysed by the rules.
// It may be killed at any time and run by several processes: the state is only the position, and
// TheHive's list of jobs shows what is done.
class Watcher {
 public:
  Watcher(thehive::Client& client, Submitter& submitter, const Settings& settings,
          FollowOptions options)
      : client_(client), submitter_(submitter), settings_(settings), options_(options) {}

  // One pass, until nothing new is left, `stop` returns true or TheHive fails. In the last case the
  // Status is returned; what was done before is stored. `analyzers`: the available ones.
  Result<PassReport> pass(StateFile& file, const std::vector<Analyzer>& analyzers,
                          const std::function<void(const Event&)>& on_event,
                          const std::function<bool()>& stop);

 private:
  class Pass;
  thehive::Client& client_;
  Submitter& submitter_;
  const Settings& settings_;
  FollowOptions options_;
};

}  // namespace socbridge::analysis
