// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/env.h"
#include "spool/spool.h"

namespace socbridge::queue {

// Data from an entry's alert, for filters and for people.
struct AlertFacts {
  std::string alert_id, rule_id, description, agent_name;
  int level = 0;
};

// One entry of the spool as shown to people.
struct QueueEntry {
  std::string id;
  spool::State state = spool::State::queue;
  std::uint64_t bytes = 0;
  UnixMillis accepted_ms = 0;      // by its id
  UnixMillis next_attempt_ms = 0;  // valid in queue/ only
  bool in_flight = false;          // claimed by a process at this moment
  std::optional<spool::Reason> reason;
  std::optional<std::string> destination;  // as in spool::Entry, if requested
  std::optional<AlertFacts> facts;         // if requested and the entry is valid
};

// Selects entries. All conditions that are set must hold; of a list, one element must.
struct QueueFilter {
  std::vector<spool::State> states;  // empty: all
  std::optional<std::int64_t> older_than_ms, newer_than_ms;
  std::vector<std::string> kinds;  // of the reason
  std::vector<std::string> rules, agents;
  std::vector<std::string> destinations;  // names as in rules, including `default`
  bool with_destination = false;          // not a condition: read the destination of each entry
  bool due = false;
  bool needs_facts() const { return !rules.empty() || !agents.empty(); }
  bool any() const;  // whether a condition is set
};

// "queue", "hold", "dead", "corrupt", "all". Others are a usage error with the nearest name.
Result<std::vector<spool::State>> parse_states(const std::vector<std::string>& words);

// Time of acceptance, from the first 13 digits of an id.
UnixMillis accepted_by_id(std::string_view id);

// Reads entries without claiming them: safe alongside any number of senders.
class QueueReader {
 public:
  QueueReader(Env& env, spool::Spool& spool) : env_(&env), spool_(&spool) {}

  enum class Facts { leave_out, read };  // of the alerts

  // Visits every matching entry, by state and in order of acceptance.
  // Linear in time; takes about 80 bytes for each entry of one state. `visit` returns false to
  // stop.
  Status for_each(const QueueFilter& filter, Facts facts, UnixMillis now_ms,
                  const std::function<bool(const QueueEntry&)>& visit);

  // The entry with this id, in any state. Empty if there is none.
  std::optional<QueueEntry> find(const std::string& id, Facts facts);

  // The entry's content. A damaged one is ExitCode::bad_input.
  Result<spool::Entry> content(const QueueEntry& entry);

 private:
  std::optional<QueueEntry> look(spool::State state, const std::string& id);
  bool has_destination(QueueEntry& entry, const QueueFilter& filter);
  void add_facts(QueueEntry& entry);
  Env* env_;
  spool::Spool* spool_;
  std::optional<std::unordered_set<std::uint64_t>> locked_;
};

// The entry as one JSON object: docs/queue.md has its members.
std::string queue_entry_json(const QueueEntry& entry, UnixMillis now_ms);

}  // namespace socbridge::queue
