// SPDX-License-Identifier: Apache-2.0
// Local causes that block delivery: failing system calls, other processes.
#include <unistd.h>

#include <unordered_set>

#include "relay/relay.h"
#include "spool/lock_holders.h"

namespace socbridge::relay {

void Relay::report_failures() {
  context_.spool.failures().set_report(
      [this](spool::CallFailures::Event event, const std::string& line) {
        context_.log.say(event == spool::CallFailures::Event::failed ? Level::error : Level::info,
                         line);
      });
}

bool Relay::lock_is_unavailable() const {
  for (const BlockedDestination& one : blocked()) {
    if (one.reason == BlockedDestination::Reason::lock_unavailable) return true;
  }
  return false;
}

// One line per process, repeated only after it held nothing meanwhile.
void Relay::log_holders(std::int64_t least_ms) {
  const std::vector<EntryId> ids = state_.ready.held_for(least_ms);
  std::set<std::string> lines;
  std::unordered_set<std::uint64_t> inodes;
  for (const EntryId& id : ids) {
    const auto file = context_.spool.env().lstat(
        context_.spool.entry_path(spool::State::queue, spool::id_text(id)));
    if (file.ok()) inodes.insert(file->inode);
  }
  std::set<std::string> tested;  // destinations that another process tests
  for (const BlockedDestination& one : blocked()) {
    if (one.reason == BlockedDestination::Reason::probing) tested.insert(one.url);
  }
  if (!inodes.empty() || !tested.empty()) {
    const auto table = context_.spool.env().lstat(context_.spool.dir() + "/in-flight");
    for (const spool::Holder& holder :
         spool::lock_holders(context_.spool.env(), inodes, table.ok() ? table->inode : 0)) {
      if (holder.pid == ::getpid()) continue;
      const std::string cure =
          holder.stopped ? ": resume it (kill -CONT " + std::to_string(holder.pid) + ") or end it"
                         : "";
      lines.insert(holder.label() + " holds alerts that wait" + cure);
    }
    if (lines.empty()) {
      lines.insert("another process holds alerts that wait; /proc does not show which");
    }
  }
  for (const std::string& line : lines) {
    if (!holders_.contains(line)) context_.log.say(Level::error, line);
  }
  holders_ = std::move(lines);
}

}  // namespace socbridge::relay
