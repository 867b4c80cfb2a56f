// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "analysis/ledger_budget.h"
#include "socctl/cortex/options.h"

namespace socbridge::socctl {

// The quotas for analyses through TheHive: the same options, limits and folder as for `socctl
// cortex`.
struct AnalysisQuota {
  QuotaFlags flags;
  void add_to(Command& command) { flags.add_to(command); }
  // `thehive_url` is the name in the ledger if no Cortex is configured. A configured Cortex is
  // queried once for its rates and the usage by other clients. `profile`: the configuration file of
  // --profile, or empty.
  Status open(Env& env, const std::string& thehive_url, const std::string& profile);
  analysis::Budget* budget() { return budget_.get(); }

 private:
  std::unique_ptr<cortex::Ledger> ledger_;
  std::unique_ptr<cortex::RefusedLevels> levels_;
  std::unique_ptr<analysis::LedgerBudget> budget_;
};

}  // namespace socbridge::socctl
