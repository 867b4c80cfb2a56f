// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profile/profile.h"
#include "socctl/common/command.h"
#include "socctl/common/metrics_listen.h"
#include "stream/consumer_setup.h"

namespace socbridge::socctl {

// Options of `socctl opencti stream`.
struct StreamOptions {
  profile::Flags opencti, thehive;
  std::string stream = "live";
  std::string from = "now";
  std::string state_dir, watch_list, output, metrics_file;
  std::string silence, pause, fail_after, refresh, rebuild, until_idle, techniques_after,
      stats_every;
  std::string techniques = "all", lookup = "new";
  std::int64_t min_score = 0;
  std::vector<std::string> own, withhold;
  std::string max_marking = "case", system = "TheHive";
  bool once = false, dry_run = false;
  MetricsListenFlags pages;

  void add_to(Command& command);
  Result<stream::ConsumerSetup> setup(Context& context) const;
  // Interval for logging counts; 0: never.
  Result<std::int64_t> stats_ms() const;

 private:
  void add_connection(Command& command);
  void add_choice(Command& command);
  void add_techniques(Command& command);
  void add_run(Command& command);
  void add_times(Command& command);
};

}  // namespace socbridge::socctl
