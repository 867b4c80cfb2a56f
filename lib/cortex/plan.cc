// SPDX-License-Identifier: Apache-2.0
#include "cortex/plan.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "cortex/select.h"

namespace socbridge::cortex {
namespace {

// Keeps the chosen analyzers that allow the levels. Without names, the others are left out; with
// names, they are an error.
Status keep_allowed(std::vector<Analyzer>& chosen, const SubmitRequest& request,
                    const std::set<std::string>& types, std::vector<std::string>& remarks) {
  std::vector<Analyzer> barred;
  for (const Analyzer& a : chosen) {
    const bool concerned =
        std::any_of(types.begin(), types.end(), [&](const auto& type) { return a.takes(type); });
    if (concerned && !allows(a, request.tlp, request.pap)) barred.push_back(a);
  }
  if (barred.empty()) return {};
  const std::string why = above_limits(barred, request.tlp, request.pap);
  if (!request.analyzers.empty())
    return Status::error(ExitCode::usage, why, "lower --tlp or --pap, or leave it out");
  std::erase_if(chosen, [&](const Analyzer& a) { return !allows(a, request.tlp, request.pap); });
  const bool some = std::any_of(chosen.begin(), chosen.end(), [&](const Analyzer& a) {
    return std::any_of(types.begin(), types.end(), [&](const auto& type) { return a.takes(type); });
  });
  if (!some)
    return Status::error(ExitCode::usage, "no analyzer is left: " + why, "lower --tlp or --pap");
  remarks.push_back("left out: " + why);
  return {};
}

// A network must not go to analyzers of single addresses, where it only uses quota.
Status check_network(const std::vector<Analyzer>& chosen, const observable::Observable& what) {
  if (!is_network(what.type, what.value)) return {};
  const auto takes = [&](const Analyzer& a) { return a.takes(what.type, what.value); };
  if (std::any_of(chosen.begin(), chosen.end(), takes)) return {};
  return Status::error(ExitCode::usage,
                       printable(what.value, 60) +
                           " is a network, and none of the chosen analyzers accepts networks",
                       "AbuseIPDB does; else give single addresses");
}

}  // namespace

Result<SubmitPlan> make_plan(const std::vector<Analyzer>& all, const SubmitRequest& request) {
  auto chosen = select_analyzers(all, request.analyzers);
  if (!chosen.ok()) return chosen.status();
  SubmitPlan out;
  std::vector<observable::Observable> observables;
  std::string first_private;
  std::size_t privates = 0;
  for (const observable::Observable& what : request.observables) {
    if (what.private_address && request.analyzers.empty()) {
      if (privates++ == 0) first_private = what.value;
    } else {
      observables.push_back(what);
    }
  }
  if (privates > 0) {
    out.left_out += privates;
    out.remarks.push_back(
        first_private +
        (privates > 1 ? " and " + std::to_string(privates - 1) + " more are" : " is") +
        " private: no service knows such addresses; use --analyzer to submit anyway");
  }
  std::set<std::string> types;
  for (const observable::Observable& what : observables) types.insert(what.type);
  for (const std::string& type : types) {
    const auto takers = taking(*chosen, all, type);
    if (takers.ok()) continue;
    if (request.strict) return takers.status();
    out.remarks.push_back(takers.status().line());
  }
  for (const observable::Observable& what : observables) {
    const Status taken = check_network(*chosen, what);
    if (taken.ok()) continue;
    if (request.strict) return taken;
    out.remarks.push_back(taken.line());
  }
  const Status allowed = keep_allowed(*chosen, request, types, out.remarks);
  if (!allowed.ok()) return allowed;
  out.plan.analyzers = std::move(*chosen);
  out.plan.tlp = request.tlp;
  out.plan.pap = request.pap;
  out.plan.message = request.message;
  out.plan.force = request.force;
  std::vector<observable::Observable> untaken;
  out.plan.tasks = make_tasks(observables, out.plan, &untaken);
  out.left_out += untaken.size();
  // The quota of analyzers without a request is not read.
  std::vector<bool> used(out.plan.analyzers.size());
  for (const Task& task : out.plan.tasks) used[task.analyzer] = true;
  std::vector<std::size_t> place(used.size());
  std::vector<Analyzer> needed;
  for (std::size_t i = 0; i < used.size(); ++i) {
    place[i] = needed.size();
    if (used[i]) needed.push_back(out.plan.analyzers[i]);
  }
  for (Task& task : out.plan.tasks) task.analyzer = place[task.analyzer];
  out.plan.analyzers = std::move(needed);
  return out;
}

}  // namespace socbridge::cortex
