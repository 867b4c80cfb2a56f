// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cortex/client.h"
#include "cortex/quota_ledger.h"

namespace socbridge::cortex {

// The state of an analyzer's quota.
struct QuotaState {
  Analyzer analyzer;
  Limit limit;
  std::int64_t ours = 0;     // by this machine's ledger
  std::int64_t others = 0;   // what Cortex counts beyond that: TheHive, other machines
  std::int64_t left = 0;     // if there is a limit
  UnixMillis next_free = 0;  // when room is expected, by the ledger; 0: unknown
  std::string json() const;
};

// For every given analyzer. Analyzers without a limit need no request.
Result<std::vector<QuotaState>> quota_states(Client& client, Ledger& ledger,
                                             const std::vector<Analyzer>& analyzers,
                                             const std::vector<LimitRule>& rules,
                                             const Deadline& deadline);

// Built-in names for sets of analyzers: `reputation`, `location`, `files`, `free` (no daily limit).
// Error (usage): no such name.
Result<std::vector<std::string>> preset(std::string_view name);

}  // namespace socbridge::cortex
