// SPDX-License-Identifier: Apache-2.0
#include "socctl/analyze/budget.h"

#include "cortex/quota.h"

namespace socbridge::socctl {
namespace {

// The rates of the configured Cortex's analyzers; empty if it does not answer: rules and ledger
// apply anyway.
std::vector<analysis::LedgerBudget::Known> ask_cortex(Env& env, cortex::Ledger& ledger,
                                                      const std::vector<cortex::LimitRule>& rules,
                                                      const CortexFlags& flags) {
  std::vector<analysis::LedgerBudget::Known> out;
  auto link = connect_cortex(env, flags);
  if (!link.ok()) return out;
  const auto analyzers = (*link)->client.analyzers((*link)->deadline());
  if (!analyzers.ok()) return out;
  const auto states =
      cortex::quota_states((*link)->client, ledger, *analyzers, rules, (*link)->deadline());
  if (!states.ok()) {
    for (const cortex::Analyzer& one : *analyzers) out.push_back({one, 0});
    return out;
  }
  for (const cortex::QuotaState& one : *states) out.push_back({one.analyzer, one.others});
  return out;
}

}  // namespace

Status AnalysisQuota::open(Env& env, const std::string& thehive_url, const std::string& profile) {
  auto rules = flags.limits();
  if (!rules.ok()) return rules.status();
  const auto folder = flags.ledger_folder();
  if (!folder.ok()) return folder.status();
  CortexFlags named;
  named.flags.config_file = profile;
  const auto cortex = profile::find(env, "cortex", named.flags, profile::SystemPaths::of_process());
  if (!cortex.ok()) return cortex.status();
  ledger_ = std::make_unique<cortex::Ledger>(env, *folder);
  levels_ = std::make_unique<cortex::RefusedLevels>(env, *folder);
  std::vector<analysis::LedgerBudget::Known> known;
  if (*cortex) known = ask_cortex(env, *ledger_, *rules, named);
  budget_ = std::make_unique<analysis::LedgerBudget>(*ledger_, *levels_,
                                                     *cortex ? (*cortex)->url : thehive_url,
                                                     std::move(*rules), std::move(known));
  return {};
}

}  // namespace socbridge::socctl
