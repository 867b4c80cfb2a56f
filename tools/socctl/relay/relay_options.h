// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "relay/event_log.h"
#include "relay/relay_state.h"
#include "socctl/common/command_line.h"

namespace socbridge::socctl {

// Options of every command that delivers alerts of the spool.
struct RelayFlags {
  std::size_t in_flight = 32;
  std::size_t threads = 0;
  std::string timeout = "30s";
  std::string grace = "10s";
  std::string metrics_file;
  std::string metrics_every = "10s";
  bool verbose = false;

  void add_to(Command& command);
  // Error: usage.
  Result<relay::RelayOptions> read() const;
};

// A duration from 1 ms to 1 h. Error: usage, with the option's name.
Result<std::int64_t> short_time(const char* option, const std::string& text);

// Raises the limit of open files to the hard limit and returns it. Each alert in flight needs about
// five descriptors.
std::size_t allow_many_files();

// Writes lines to stderr, with levels where the journal reads them. `name`: the command for people:
// "socctl relay".
relay::EventLog::Sink service_log(std::string name);

}  // namespace socbridge::socctl
