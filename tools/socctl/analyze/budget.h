// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "analysis/ledger_budget.h"
#include "socctl/cortex/options.h"

namespace socbridge::socctl {

// The quotas that analyses through TheHive keep: the same options, limits and folder as those of
// `socctl cortex`.
struct AnalysisQuota {
  QuotaFlags flags;
  void add_to(Command& command) { flags.add_to(command); }
  // `thehive_url` names the Cortex in the ledger if none is configured. A Cortex that is configured
  // is asked once for its rates and for what others used of them. `profile`: the configuration file
  // of --profile, or empty.
  Status open(Env& env, const std::string& thehive_url, const std::string& profile);
  analysis::Budget* budget() { return budget_.get(); }

 private:
  std::unique_ptr<cortex::Ledger> ledger_;
  std::unique_ptr<cortex::RefusedLevels> levels_;
  std::unique_ptr<analysis::LedgerBudget> budget_;
};

}  // namespace socbridge::socctl
