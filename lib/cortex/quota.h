// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cortex/client.h"
#include "cortex/quota_ledger.h"

namespace socbridge::cortex {

// Where an analyzer's quota stands.
struct QuotaState {
  Analyzer analyzer;
  Limit limit;
  std::int64_t ours = 0;     // by this machine's ledger
  std::int64_t others = 0;   // what Cortex counts beyond that: TheHive, other machines
  std::int64_t left = 0;     // if there is a limit
  UnixMillis next_free = 0;  // when room comes, as far as the ledger knows; 0: unknown
  std::string json() const;
};

// Of every analyzer given. Analyzers without a limit cost no request.
Result<std::vector<QuotaState>> quota_states(Client& client, Ledger& ledger,
                                             const std::vector<Analyzer>& analyzers,
                                             const std::vector<LimitRule>& rules,
                                             const Deadline& deadline);

// Built-in names for sets of analyzers: `reputation`, `location`, `files`, `free` (no daily limit).
// Error (usage): no such name.
Result<std::vector<std::string>> preset(std::string_view name);

}  // namespace socbridge::cortex
