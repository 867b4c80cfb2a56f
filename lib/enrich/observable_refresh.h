#pragma once

#include <atomic>
#include <functional>

#include "base/status.h"
#include "enrich/match_set.h"
#include "thehive/client.h"

namespace socbridge::enrich {

// Keeps a MatchSet like the observables of TheHive's open alerts and cases. Pages are asked for by
// creation time, never by a deep offset. Not thread-safe (the set is).
class ObservableRefresh {
 public:
  using Stop = std::function<bool()>;
  ObservableRefresh(thehive::Client& client, MatchSet& set) : client_(client), set_(set) {}

  // Everything; forgets what is no longer there, or in something closed.
  Status full(const Stop& stop);
  // What was created since the newest that is known, less a minute.
  Status recent(const Stop& stop);

  std::uint64_t unmatched() const { return unmatched_; }  // data types that are not matched

 private:
  Status read_all(UnixMillis since, const Stop& stop);
  Status read(bool of_cases, UnixMillis since, const Stop& stop);
  void take(json::Value observable);

  thehive::Client& client_;
  MatchSet& set_;
  UnixMillis newest_ms_ = 0;
  std::atomic<std::uint64_t> unmatched_{0};
};

}  // namespace socbridge::enrich
