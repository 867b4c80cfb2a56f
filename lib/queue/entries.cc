// SPDX-License-Identifier: Apache-2.0
#include "queue/entries.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "spool/lock_holders.h"
#include "spool/names.h"
#include "spool/reason.h"
#include "wazuh/alert.h"

namespace socbridge::queue {
namespace {

constexpr std::size_t kMaxEntry = std::size_t{128} << 20;
constexpr spool::State kStates[] = {spool::State::queue, spool::State::hold, spool::State::dead,
                                    spool::State::corrupt};

bool fits(const QueueEntry& entry, const QueueFilter& filter, UnixMillis now_ms) {
  if (filter.older_than_ms && now_ms - entry.accepted_ms < *filter.older_than_ms) return false;
  if (filter.newer_than_ms && now_ms - entry.accepted_ms > *filter.newer_than_ms) return false;
  if (filter.due && (entry.state != spool::State::queue || entry.next_attempt_ms > now_ms)) {
    return false;
  }
  return filter.kinds.empty() || (entry.reason && contains(filter.kinds, entry.reason->kind));
}

bool facts_fit(const QueueEntry& entry, const QueueFilter& filter) {
  if (!filter.needs_facts()) return true;
  if (!entry.facts) return false;
  return (filter.rules.empty() || contains(filter.rules, entry.facts->rule_id)) &&
         (filter.agents.empty() || contains(filter.agents, entry.facts->agent_name));
}

}  // namespace

bool QueueFilter::any() const {
  return !states.empty() || older_than_ms || newer_than_ms || !kinds.empty() || due ||
         !destinations.empty() || needs_facts();
}

Result<std::vector<spool::State>> parse_states(const std::vector<std::string>& words) {
  std::vector<spool::State> states;
  for (const std::string& word : words) {
    const std::size_t before = states.size();
    for (const spool::State state : kStates) {
      if (word == "all" || word == spool::state_name(state)) states.push_back(state);
    }
    if (states.size() != before) continue;
    const std::string_view near = nearest(word, {"queue", "hold", "dead", "corrupt", "all"});
    return Status::error(ExitCode::usage, "there is no state \"" + printable(word, 40) + "\"",
                         near.empty() ? "queue, hold, dead, corrupt or all"
                                      : "did you mean \"" + std::string(near) + "\"?");
  }
  return states;
}

UnixMillis accepted_by_id(std::string_view id) {
  constexpr std::size_t kDigits = 13;
  return static_cast<UnixMillis>(parse_u64(id.substr(0, kDigits)).value_or(0));
}

std::optional<QueueEntry> QueueReader::look(spool::State state, const std::string& id) {
  const auto file = env_->lstat(spool_->entry_path(state, id));
  if (!file.ok()) return {};
  if (!locked_) locked_ = spool::locked_inodes(*env_);
  QueueEntry entry;
  entry.id = id;
  entry.state = state;
  entry.bytes = file->size;
  entry.accepted_ms = accepted_by_id(id);
  entry.next_attempt_ms = file->mtime_ms;
  entry.in_flight = locked_->contains(file->inode);
  entry.reason = spool_->reason(state, id);
  return entry;
}

// Unknown for a damaged entry.
bool QueueReader::has_destination(QueueEntry& entry, const QueueFilter& filter) {
  if (!filter.with_destination && filter.destinations.empty()) return true;
  entry.destination = spool_->destination(entry.state, entry.id);
  if (filter.destinations.empty()) return true;
  return entry.destination &&
         contains(filter.destinations, mapping::shown_destination(*entry.destination));
}

void QueueReader::add_facts(QueueEntry& entry) {
  const auto stored = content(entry);
  if (!stored.ok()) return;
  const auto alert = wazuh::Alert::parse(stored->alert);
  if (!alert.ok()) return;
  entry.facts = {alert->id, alert->rule_id, alert->description, alert->agent_name, alert->level};
}

Status QueueReader::for_each(const QueueFilter& filter, Facts facts, UnixMillis now_ms,
                             const std::function<bool(const QueueEntry&)>& visit) {
  locked_.reset();
  for (const spool::State state : kStates) {
    const bool wanted =
        filter.states.empty() ||
        std::find(filter.states.begin(), filter.states.end(), state) != filter.states.end();
    if (!wanted) continue;
    std::vector<std::string> ids;
    const Status read = spool_->for_each(state, [&](std::string_view id) {
      ids.emplace_back(id);
      return true;
    });
    if (!read.ok()) return read;
    std::sort(ids.begin(), ids.end());
    for (const std::string& id : ids) {
      auto entry = look(state, id);
      if (!entry || !fits(*entry, filter, now_ms) || !has_destination(*entry, filter)) continue;
      if (facts == Facts::read || filter.needs_facts()) add_facts(*entry);
      if (facts_fit(*entry, filter) && !visit(*entry)) return {};
    }
  }
  return {};
}

std::optional<QueueEntry> QueueReader::find(const std::string& id, Facts facts) {
  locked_.reset();
  if (!spool::is_id(id)) return {};
  for (const spool::State state : kStates) {
    auto entry = look(state, id);
    if (!entry) continue;
    entry->destination = spool_->destination(state, id);
    if (facts == Facts::read) add_facts(*entry);
    return entry;
  }
  return {};
}

Result<spool::Entry> QueueReader::content(const QueueEntry& entry) {
  const auto bytes = spool_->env().read_file(spool_->entry_path(entry.state, entry.id), kMaxEntry);
  if (!bytes.ok()) return bytes.status();
  return spool::decode(*bytes);
}

std::string queue_entry_json(const QueueEntry& entry, UnixMillis now_ms) {
  json::Writer w;
  w.begin_object();
  w.member("id", entry.id);
  w.member("state", spool::state_name(entry.state));
  w.member("bytes", entry.bytes);
  w.member("accepted", format_utc(entry.accepted_ms));
  w.member("accepted_ms", static_cast<std::int64_t>(entry.accepted_ms));
  w.member("in_flight", entry.in_flight);
  if (entry.destination && !entry.destination->empty()) {
    w.member("destination", *entry.destination);
  }
  if (entry.state == spool::State::queue) {
    w.member("due", entry.next_attempt_ms <= now_ms);
    w.member("next_attempt_ms", static_cast<std::int64_t>(entry.next_attempt_ms));
  }
  if (entry.reason) {
    w.key("reason");
    w.raw(spool::reason_json(*entry.reason));
  }
  if (entry.facts) {
    w.key("alert");
    w.begin_object();
    w.member("id", entry.facts->alert_id);
    w.member("rule_id", entry.facts->rule_id);
    w.member("level", entry.facts->level);
    w.member("description", entry.facts->description);
    w.member("agent", entry.facts->agent_name);
    w.end_object();
  }
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::queue
