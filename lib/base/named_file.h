// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/env.h"

namespace socbridge {

// Input that the operator named on the command line: `-` for standard input, a file, a FIFO or a
// device (`<(command)`, /dev/stdin). Reading may block without limit, unlike Env::open_read(),
// which takes regular files only and is for paths that other users can control.

// `stop` is called ten times a second while waiting for input; true ends the wait with
// ExitCode::interrupted. Set once, before threads are started; null: the wait is not interrupted.
void stop_waiting_when(bool (*stop)());

// The name in messages: "standard input" for `-`, else the path made printable.
std::string name_of_input(const std::string& path);

// Does not wait for the writer of a FIFO; read_named() does. Errors: as open(2).
Result<Fd> open_named(const std::string& path);

// One read(2) from a descriptor of open_named(), waiting for input; 0 at the end. Errors: those of
// read(2) with errno, ExitCode::interrupted.
Result<std::size_t> read_named(int fd, char* into, std::size_t room);

// The complete input; EFBIG beyond max_bytes.
Result<std::string> read_all_named(const std::string& path, std::size_t max_bytes);

}  // namespace socbridge
