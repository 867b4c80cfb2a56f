// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/faults.h"

#include "base/text.h"

namespace socbridge::sandbox {
namespace {

bool fits(const FaultRule& rule, std::string_view method, std::string_view path, bool api) {
  if (!rule.method.empty() && rule.method != method) return false;
  if (rule.path.empty()) return api;
  const std::string_view wanted = rule.path;
  if (wanted.back() != '*') return path == wanted;
  return path.starts_with(wanted.substr(0, wanted.size() - 1));
}

// splitmix64: the n-th number of a sequence, without computing the previous ones.
double draw(std::uint64_t seed, std::uint64_t n) {
  std::uint64_t z = seed * 0xD1342543DE82EF95ULL + n * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  constexpr int kSpare = 11;
  constexpr double kRange = 9007199254740992.0;  // 2^53
  return static_cast<double>(z >> kSpare) / kRange;
}

bool strikes(FaultRule& rule) {
  const std::uint64_t n = ++rule.matched;
  if (n <= rule.after) return false;
  if (rule.first != 0 && n > rule.after + rule.first) return false;
  return rule.rate >= 1.0 || draw(rule.seed, n) < rule.rate;
}

template <typename T>
void merge(T& into, const T& from, const T& none) {
  if (into == none) into = from;
}

void merge(Fault& into, const Fault& from) {
  const Fault none;
  merge(into.end, from.end, none.end);
  if (into.status == 0 && !into.html) {
    into.status = from.status;
    into.html = from.html;
  }
  into.skip = into.skip || from.skip;
  if (into.error.empty()) into.error = from.error;
  merge(into.retry_after, from.retry_after, none.retry_after);
  merge(into.drip, from.drip, none.drip);
  into.before_ms += from.before_ms;
  into.after_ms += from.after_ms;
  merge(into.dup_race_ms, from.dup_race_ms, none.dup_race_ms);
  merge(into.query_lag_ms, from.query_lag_ms, none.query_lag_ms);
}

}  // namespace

Fault Faults::next(std::string_view method, std::string_view path) {
  return next(method, path, path.starts_with("/api/"));
}

Fault Faults::next(std::string_view method, std::string_view path, bool api) {
  Fault fault;
  if (rules_.empty()) return fault;
  const std::lock_guard lock(mutex_);
  for (FaultRule& rule : rules_) {
    if (fits(rule, method, path, api) && strikes(rule)) merge(fault, rule.fault);
  }
  return fault;
}

}  // namespace socbridge::sandbox
