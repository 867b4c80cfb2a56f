// SPDX-License-Identifier: Apache-2.0
// What keeps alerts from being delivered on this machine: failing system calls, other processes.
#include <unistd.h>

#include <unordered_set>

#include "relay/relay.h"
#include "spool/lock_holders.h"

namespace socbridge::relay {

void Relay::report_failures() {
  spool_.failures().set_report([this](spool::CallFailures::Event event, const std::string& line) {
    log_.say(event == spool::CallFailures::Event::failed ? Level::error : Level::info, line);
  });
}

bool Relay::no_lock_can_be_had() const {
  for (const Worker::Closed& one : closed()) {
    if (one.by == "no_lock") return true;
  }
  return false;
}

// One line for each process, and again only after it held nothing meanwhile.
void Relay::name_holders(std::int64_t least_ms) {
  const std::vector<PackedId> ids = desk_.roster.held_for(least_ms);
  std::set<std::string> lines;
  std::unordered_set<std::uint64_t> inodes;
  for (const PackedId& id : ids) {
    const auto file = spool_.env().lstat(spool_.entry_path(spool::State::queue, unpack(id)));
    if (file.ok()) inodes.insert(file->inode);
  }
  std::set<std::string> asked;  // destinations that another process is asking
  for (const Worker::Closed& one : closed()) {
    if (one.by == "others") asked.insert(one.url);
  }
  if (!inodes.empty() || !asked.empty()) {
    const auto table = spool_.env().lstat(spool_.dir() + "/in-flight");
    for (const spool::Holder& holder :
         spool::lock_holders(spool_.env(), inodes, table.ok() ? table->inode : 0)) {
      if (holder.pid == ::getpid()) continue;
      const std::string cure = holder.stopped ? ": let it go on (kill -CONT " +
                                                    std::to_string(holder.pid) + ") or end it"
                                              : "";
      lines.insert(holder.label() + " holds alerts that wait" + cure);
    }
    if (lines.empty()) {
      lines.insert("another process holds alerts that wait; /proc does not say which");
    }
  }
  for (const std::string& line : lines) {
    if (!named_.contains(line)) log_.say(Level::error, line);
  }
  named_ = std::move(lines);
}

}  // namespace socbridge::relay
