// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only table of exit codes. `socctl help exit-codes` prints it; docs/exit-codes.md explains it.
// integratord treats 0 as done, 127 as "could not execute" (it then logs the complete command line,
// key included) and every other value as a failure that it never retries: 127 must not be added
// here.

namespace socbridge {

enum class ExitCode : int {
  ok = 0,            // done; for custom-w2thive: durable, delivered or filtered
  failure = 1,       // not done because of a local problem (disk, permission, refused intake)
  usage = 2,         // the command line or a configuration file is wrong
  degraded = 3,      // partly done: gaps, some items failed, a component is degraded
  auth = 4,          // the server refused the key or the permission (401, 402, 403)
  unreachable = 5,   // the server did not answer in time, or only with server errors (5xx)
  bad_input = 6,     // the input is not valid (not JSON, text-format alert)
  refused = 7,       // the server understood the request and refused it permanently
  interrupted = 130  // ended by Ctrl-C or SIGTERM before the work was done
};

// "auth", "unreachable", …: the name used in documents and JSON output.
const char* exit_code_name(ExitCode code);
// One sentence for people.
const char* exit_code_meaning(ExitCode code);

}  // namespace socbridge
