// SPDX-License-Identifier: Apache-2.0
#include "analysis/ledger_budget.h"

namespace socbridge::analysis {

LedgerBudget::Known LedgerBudget::find(const std::string& analyzer) const {
  for (const Known& one : known_) {
    if (one.analyzer.is_called(analyzer)) return one;
  }
  Known out;
  out.analyzer.name = out.analyzer.definition = analyzer;
  return out;
}

Result<Budget::Answer> LedgerBudget::reserve(const std::string& analyzer) {
  const Known known = find(analyzer);
  const cortex::Limit limit = cortex::limit_of(known.analyzer, rules_);
  if (!limit.exists()) return Answer{};
  const std::string key = cortex::Ledger::key(url_, known.analyzer);
  const UnixMillis now = wall_now_ms();
  const auto grant = ledger_.reserve(key, limit, 1, known.used_elsewhere, now);
  if (!grant.ok()) return grant.status();
  if (grant->count > 0) {
    reserved_at_[analyzer] = grant->at;
    return Answer{};
  }
  const auto usage = ledger_.usage(key, limit, now);
  if (!usage.ok()) return usage.status();
  // Usage by other clients is not in the ledger, so the time is a guess then.
  constexpr std::int64_t kGuessMs = 600000;
  const UnixMillis at = usage->next_free > now ? usage->next_free : now + kGuessMs;
  return Answer{false, "the quota of " + limit.text() + " is used up until " + format_utc(at), at};
}

void LedgerBudget::give_back(const std::string& analyzer) {
  const auto reserved = reserved_at_.find(analyzer);
  if (reserved == reserved_at_.end()) return;
  // If this fails, one job too many is counted, which keeps the limit.
  (void)ledger_.give_back(cortex::Ledger::key(url_, find(analyzer).analyzer), reserved->second, 1);
  reserved_at_.erase(reserved);
}

std::string LedgerBudget::why_barred(const std::string& analyzer, int tlp, int pap) {
  const std::string key = cortex::Ledger::key(url_, find(analyzer).analyzer);
  return levels_.limits(key, wall_now_ms()).why_not(tlp, pap);
}

void LedgerBudget::learn(const std::string& analyzer, std::string_view error, int tlp, int pap) {
  // A refusal that cannot be stored is recorded again at the next failure.
  static_cast<void>(levels_.learn(cortex::Ledger::key(url_, find(analyzer).analyzer), error, tlp,
                                  pap, wall_now_ms()));
}

}  // namespace socbridge::analysis
