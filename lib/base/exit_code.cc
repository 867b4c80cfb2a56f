// SPDX-License-Identifier: Apache-2.0
#include "base/exit_code.h"

namespace socbridge {

const char* exit_code_name(ExitCode code) {
  switch (code) {
    case ExitCode::ok: return "ok";
    case ExitCode::failure: return "failure";
    case ExitCode::usage: return "usage";
    case ExitCode::degraded: return "degraded";
    case ExitCode::auth: return "auth";
    case ExitCode::unreachable: return "unreachable";
    case ExitCode::bad_input: return "bad_input";
    case ExitCode::refused: return "refused";
    case ExitCode::interrupted: return "interrupted";
  }
  return "unknown";
}

const char* exit_code_meaning(ExitCode code) {
  switch (code) {
    case ExitCode::ok: return "Done; for custom-w2thive: durable, delivered or filtered";
    case ExitCode::failure: return "Not done because of a local problem: disk, permission, limits";
    case ExitCode::usage: return "The command line or a configuration file is wrong";
    case ExitCode::degraded: return "Partly done: some items failed or gaps remain";
    case ExitCode::auth: return "The server refused the key, the licence or the permission";
    case ExitCode::unreachable:
      return "The server did not answer in time or only with server errors (5xx)";
    case ExitCode::bad_input: return "The input is not valid";
    case ExitCode::refused: return "The server understood the request and refused it permanently";
    case ExitCode::interrupted: return "Ended by a signal before the work was done";
  }
  return "";
}

}  // namespace socbridge
