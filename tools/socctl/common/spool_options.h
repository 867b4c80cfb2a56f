// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/spool_location.h"
#include "socctl/common/command_line.h"
#include "spool/spool.h"

namespace socbridge::socctl {

// Options of `queue` and `relay` for the spool.
struct SpoolOptions {
  integration::SpoolFlags flags;
  std::vector<std::string> named = {};  // more files that stay readable after the change of user
  void add_to(Command& command);
};

struct OpenSpool {
  integration::SpoolLocation place;
  spool::Spool spool;
};

// read_only: nothing is created or changed; a missing spool is an error. change: missing parts are
// created. make: a missing spool is created too.
enum class SpoolUse { read_only, change, make };

Status no_spool(const std::string& dir);  // the error for a missing spool

// Opens it with the rights of its owner.
Result<OpenSpool> open_spool(Env& env, const SpoolOptions& options, SpoolUse use);

}  // namespace socbridge::socctl
