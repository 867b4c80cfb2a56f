// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/spool_location.h"
#include "socctl/common/command_line.h"
#include "spool/spool.h"

namespace socbridge::socctl {

// Options that `queue` and `relay` share: which spool.
struct SpoolOptions {
  integration::SpoolFlags flags;
  std::vector<std::string> named = {};  // more files that stay readable as root would read them
  void add_to(Command& command);
};

struct OpenSpool {
  integration::SpoolLocation place;
  spool::Spool spool;
};

// look: nothing is made or changed; a spool that is not there is an error. change: what is missing
// in it is made. make: the spool too.
enum class SpoolUse { read_only, change, make };

Status no_spool(const std::string& dir);  // the error of one that is not there

// Opens it as its owner.
Result<OpenSpool> open_spool(Env& env, const SpoolOptions& options, SpoolUse use);

}  // namespace socbridge::socctl
