// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/submit.h"
#include "cortex/quota_ledger.h"
#include "cortex/refused_levels.h"

namespace socbridge::analysis {

// The quotas of docs/cortex.md, counted in the same ledger as jobs that are submitted to Cortex
// directly, so that the sum of both stays below the limit.
class LedgerBudget final : public Budget {
 public:
  // Data on an analyzer of Cortex: its own rate, and the jobs in the window that others started.
  // Analyzers without such data have the limits of the rules and the defaults.
  struct Known {
    cortex::Analyzer analyzer;
    std::int64_t used_elsewhere = 0;
  };
  // `url` names the Cortex; ledger and levels must outlive the budget.
  LedgerBudget(cortex::Ledger& ledger, cortex::RefusedLevels& levels, std::string url,
               std::vector<cortex::LimitRule> rules, std::vector<Known> known)
      : ledger_(ledger),
        levels_(levels),
        url_(std::move(url)),
        rules_(std::move(rules)),
        known_(std::move(known)) {}

  Result<Answer> reserve(const std::string& analyzer) override;
  void give_back(const std::string& analyzer) override;
  std::string why_barred(const std::string& analyzer, int tlp, int pap) override;
  void learn(const std::string& analyzer, std::string_view error, int tlp, int pap) override;

 private:
  Known find(const std::string& analyzer) const;

  cortex::Ledger& ledger_;
  cortex::RefusedLevels& levels_;
  std::string url_;
  std::vector<cortex::LimitRule> rules_;
  std::vector<Known> known_;
  std::map<std::string, UnixMillis> reserved_at_;  // the last of each analyzer
};

}  // namespace socbridge::analysis
