// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/exit_code.h"

namespace socbridge::sandbox {

// The unparsed values of the command line.
struct RunOptions {
  std::string listen = "127.0.0.1:9000";  // HOST:PORT; port 0: any free one
  std::string key, read_only_key, admin_key;
  std::string version;  // of TheHive; empty: the default
  std::int64_t latency_ms = 0, cortex_check_ms = 60000;
  std::vector<std::string> fail_rules;  // [NAME:]RULE
  std::string state_file;
  std::vector<std::string> with;  // NAME[=HOST:PORT]
  std::vector<std::string> data;  // NAME=FILE
};

// Starts the products, prints their addresses on stdout and returns after SIGINT or SIGTERM. For an
// invalid value or a port in use: a line on stderr and an exit code.
ExitCode run(const RunOptions& given);

}  // namespace socbridge::sandbox
