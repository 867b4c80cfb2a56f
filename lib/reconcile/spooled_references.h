// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/env.h"
#include "base/status.h"
#include "mapping/options.h"
#include "spool/spool.h"

namespace socbridge::reconcile {

// References of the alerts that custom-w2thive has accepted and TheHive does not have yet.
class SpooledReferences {
 public:
  SpooledReferences() = default;  // no spool: empty

  // For one destination (empty: the top-level one). Reads the complete spool once; memory grows by
  // about 150 bytes per entry. An entry that cannot be read or mapped is skipped: its alert is then
  // found missing and sent, which is safe. A missing spool is empty. Nothing is created or claimed.
  static Result<SpooledReferences> read(Env& env, const std::string& spool_dir,
                                        const mapping::Options& options,
                                        const std::string& destination = {});

  // queue, hold or dead; empty if it is in none of them.
  std::optional<spool::State> state_of(const std::string& source_ref) const;
  std::size_t size() const { return states_.size(); }

 private:
  std::unordered_map<std::string, spool::State> states_;
};

}  // namespace socbridge::reconcile
