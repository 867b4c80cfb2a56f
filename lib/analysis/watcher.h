// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "analysis/rules.h"
#include "analysis/state.h"
#include "analysis/submit.h"

namespace socbridge::analysis {

// What happened to one new observable, or to one analyzer of it.
struct Event {
  thehive::ObservableInfo observable;
  std::string owner, rule;               // "alert ~123", if it was asked; the rules that had a say
  std::optional<Submission> submission;  // none: skipped
  std::string why;                       // then: why
};

struct PassReport {
  std::size_t observables = 0, started = 0, present = 0, postponed = 0, failed = 0, skipped = 0;
  UnixMillis retry_at_ms = 0;  // earliest time at which something that was put off can be tried
};

struct FollowOptions {
  UnixMillis since_ms = 0;  // where to begin if the state knows nothing yet
  bool restart = false;     // begin at since_ms even so
  bool dry_run = false;     // start nothing, store nothing
  bool five_levels = true;
  bool cases_only = false;  // before 5.1 observables of alerts cannot be analysed
};

// Goes over the observables that were created since the last pass and has them analysed as the
// rules say. Safe to be killed at any moment and to be run by several processes: the state only
// says where to look, what is done is known by TheHive's list of jobs.
class Watcher {
 public:
  Watcher(thehive::Client& client, Submitter& submitter, const Settings& settings,
          FollowOptions options)
      : client_(client), submitter_(submitter), settings_(settings), options_(options) {}

  // One pass, until nothing new is left, `stop` says so or TheHive fails (then the Status; what was
  // done until then is stored). `analyzers`: those there are now.
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
