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

// What a verb works with.
struct Context {
  Env& env;
  term::Terminal out;
  term::Terminal err;
};

using Handler = std::function<ExitCode(Context&)>;

// The handler that the command line chose; set by the verb's callback, run after parsing.
struct Chosen {
  Handler handler;
};

// The `-o/--output` option, the same everywhere. `further`: formats that only this command has and
// reads itself.
void add_output_option(Command& command, std::string& target,
                       std::initializer_list<const char*> further = {});
// Reads it; automatic if not given.
Result<term::Format> output_format(const std::string& text);

// To stdout and stderr, through term::safe_output.
void write_out(std::string_view text);
void write_err(std::string_view text);
// "socctl: message; hint" on stderr; gives the status's exit code.
ExitCode fail(const Status& status);
// A warning line on stderr.
void warn(std::string_view text);

}  // namespace socbridge::socctl
