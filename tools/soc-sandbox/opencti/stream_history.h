// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "opencti/stream/event_id.h"
#include "soc-sandbox/opencti/event_factory.h"

namespace socbridge::sandbox::opencti {

using socbridge::opencti::EventId;

// What a connection has already received, and what it excludes.
struct Listener {
  EventId after;  // the last event sent to it
  bool deletions = true;
  std::uint64_t delay_ms = 0;
  std::set<std::string, std::less<>> dependencies;  // ids of objects sent before main events
};

// The stored events: generated ones first, then published ones. Listeners get only the newest
// `keep`; objects stay in the database. Thread-safe.
class StreamHistory {
 public:
  explicit StreamHistory(EventMaker maker) : maker_(maker) {}

  // Publishes {"event":"create","data":{STIX},…} (docs/sandbox.md) with the next id, or with the
  // given one. Errors: another form.
  Result<EventId> publish(json::Value event);
  void keep(std::uint64_t events);

  EventId first() const;  // oldest stored event
  EventId last() const;
  std::uint64_t size() const;

  // Appends frames of the events after `listener.after`, up to about `bytes` and `most` events;
  // returns the number of events.
  std::uint64_t take(Listener& listener, std::size_t bytes, std::uint64_t most,
                     std::string& out) const;
  // Frames of the objects of the database with from <= updated <= until, oldest first, starting
  // with number `skip`; false once there are no more.
  bool recover(std::uint64_t from_ms, std::uint64_t until_ms, std::uint64_t& skip,
               std::size_t bytes, std::string& out) const;

 private:
  struct Event {
    EventId id;
    std::string name;
    std::string json;
    std::vector<std::pair<std::string, std::string>> dependencies;  // id, JSON of the event
  };
  struct Object {
    std::uint64_t updated_ms;
    std::string json;  // of the recovered event
    std::vector<std::pair<std::string, std::string>> dependencies;
  };
  std::uint64_t count() const { return maker_.events + events_.size(); }
  std::uint64_t oldest() const;  // index of the oldest stored event
  EventId id_of(std::uint64_t index) const;
  std::uint64_t behind(const EventId& id) const;  // index of the first event after it

  const EventMaker maker_;
  mutable std::mutex mutex_;
  std::deque<Event> events_;
  std::map<std::string, Object> objects_;  // by STIX id
  std::uint64_t keep_ = 2000000;
};

}  // namespace socbridge::sandbox::opencti
