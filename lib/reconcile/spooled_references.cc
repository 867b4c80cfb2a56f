// SPDX-License-Identifier: Apache-2.0
#include "reconcile/spooled_references.h"

#include <algorithm>
#include <cerrno>

#include "grouping/rate_cap.h"
#include "mapping/mapping.h"
#include "wazuh/alert.h"

namespace socbridge::reconcile {
namespace {

constexpr std::string_view kSuffix = ".alert";
constexpr std::size_t kMaxEntry = std::size_t{128} << 20;

// An entry without a destination is evaluated by the current rules.
bool is_for(const std::string& destination, const spool::Entry& entry, const wazuh::Alert& alert,
            const mapping::Options& options) {
  if (entry.destination != spool::kUndecided) return entry.destination == destination;
  const std::vector<std::string> names = mapping::destinations_of(alert, options).names;
  return std::find(names.begin(), names.end(), destination) != names.end();
}

}  // namespace

Result<SpooledReferences> SpooledReferences::read(Env& env, const std::string& spool_dir,
                                                  const mapping::Options& options,
                                                  const std::string& destination) {
  SpooledReferences queued;
  const auto info = env.stat(spool_dir);
  if (!info.ok() || !info->is_dir()) return queued;
  // An entry in queue/ will be delivered, so it overrides another entry of the same alert.
  for (const spool::State state : {spool::State::dead, spool::State::hold, spool::State::queue}) {
    const std::string folder = spool_dir + "/" + spool::state_name(state);
    if (const auto there = env.lstat(folder); !there.ok()) {
      if (there.status().sys_errno() == ENOENT) continue;  // not created yet
      return there.status();
    }
    const auto names = env.list_dir(folder);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      if (!name.ends_with(kSuffix)) continue;
      const auto bytes = env.read_file(folder + "/" + name, kMaxEntry);
      if (!bytes.ok()) continue;
      const auto entry = spool::decode(*bytes);
      if (!entry.ok()) continue;
      const auto alert = wazuh::Alert::parse(entry->alert);
      if (!alert.ok() || !is_for(destination, *entry, *alert, options)) continue;
      // A summary of the rate cap is stored under its own reference.
      const std::string summary = grouping::summary_ref_of_entry(*alert);
      queued.states_[summary.empty() ? wazuh::source_ref(*alert, options.manager_alias) : summary] =
          state;
    }
  }
  return queued;
}

std::optional<spool::State> SpooledReferences::state_of(const std::string& source_ref) const {
  const auto it = states_.find(source_ref);
  if (it == states_.end()) return std::nullopt;
  return it->second;
}

}  // namespace socbridge::reconcile
