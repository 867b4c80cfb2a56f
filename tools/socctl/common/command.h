// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/exit_code.h"
#include "base/status.h"
#include "socctl/common/command_line.h"
#include "term/records.h"

namespace socbridge::socctl {

// The environment of a verb.
struct Context {
  Env& env;
  term::Terminal out;
  term::Terminal err;
};

using Handler = std::function<ExitCode(Context&)>;

// The handler of the chosen verb; set by its callback, run after parsing.
struct Chosen {
  Handler handler;
};

// The common `-o/--output` option. `further`: extra formats that this command handles itself.
void add_output_option(Command& command, std::string& target,
                       std::initializer_list<const char*> further = {});
// Parses it; automatic if not given.
Result<term::Format> output_format(const std::string& text);

// Writes to stdout and stderr, through term::safe_output.
void write_out(std::string_view text);
void write_err(std::string_view text);
// Error (failure): stdout cannot be written, such as a pipe whose reader has ended. For commands
// that run until stopped.
Status flush_output();
// Prints "socctl: message; hint" on stderr and returns the status's exit code.
ExitCode fail(const Status& status);
// Prints a warning on stderr.
void warn(std::string_view text);

}  // namespace socbridge::socctl
