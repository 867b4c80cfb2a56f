// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/exit_code.h"
#include "http/stream.h"

namespace socbridge::stream {

// The meaning of the end of a connection to the live stream (docs/protocols/opencti.md, "Stream
// answers").
struct EndVerdict {
  std::string reason;                     // one line for people
  ExitCode code = ExitCode::unreachable;  // auth and refused do not pass by waiting
  std::int64_t least_pause_ms = 0;        // before the next connection
};
EndVerdict evaluate_end(const http::StreamEnd& end, std::int64_t silence_ms);

}  // namespace socbridge::stream
