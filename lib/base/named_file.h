// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/env.h"

namespace socbridge {

// Input that the operator named on the command line: `-` for standard input, a file, but also a
// FIFO or a device (`<(command)`, /dev/stdin). Reading it may wait for ever, unlike
// Env::open_read(), which takes regular files only and is for all that others may have put there.

// Asked ten times a second while input is waited for; true ends the wait with
// ExitCode::interrupted. Set once, before threads are started; null: nothing ends it.
void stop_waiting_when(bool (*stop)());

// Its name in messages: "standard input" for `-`, else the path made printable.
std::string name_of_input(const std::string& path);

// Does not wait for the writer of a FIFO: read_named() does. Errors: as open(2).
Result<Fd> open_named(const std::string& path);

// One read(2) from what open_named() gave, waiting for input; 0 at the end. Errors: of read(2) with
// its errno, ExitCode::interrupted.
Result<std::size_t> read_named(int fd, char* into, std::size_t room);

// The whole of it; EFBIG beyond max_bytes.
Result<std::string> read_all_named(const std::string& path, std::size_t max_bytes);

}  // namespace socbridge
