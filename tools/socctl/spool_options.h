#pragma once

#include <CLI/App.hpp>
#include <string>

#include "base/env.h"
#include "relay/spool_place.h"
#include "spool/spool.h"

namespace socbridge::socctl {

// Options that `queue` and `relay` share: which spool.
struct SpoolOptions {
  relay::SpoolFlags flags;
  void add_to(CLI::App& command);
};

struct OpenSpool {
  relay::SpoolPlace place;
  spool::Spool spool;
};

// Opens it as its owner. Without `make` a folder that is not there is an error.
Result<OpenSpool> open_spool(Env& env, const SpoolOptions& options, bool make);

}  // namespace socbridge::socctl
