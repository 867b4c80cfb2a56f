// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "stream/index/match_set.h"
#include "thehive/client.h"

namespace socbridge::stream {

// Keeps a MatchSet like the observables of TheHive's open alerts and cases. Pages are asked for by
// creation time, never by a deep offset. Not thread-safe (the set is).
class ObservableRefresh {
 public:
  using Stop = std::function<bool()>;
  // A value that the set did not have.
  struct Fresh {
    std::string data_type, data;
    std::uint64_t observable = 0;
  };
  // Takes them, a page at a time; what it fails to take is given once more.
  using TakeFresh = std::function<Status(const std::vector<Fresh>&)>;

  ObservableRefresh(thehive::Client& client, MatchSet& set, TakeFresh take_fresh = {})
      : client_(client), set_(set), take_fresh_(std::move(take_fresh)) {}

  // Everything; forgets what is no longer there, or in something closed.
  Status full(const Stop& stop);
  // What was created since the newest that is known, less a minute.
  Status recent(const Stop& stop);

 private:
  Status read_all(UnixMillis since, const Stop& stop);
  Status read(bool of_cases, UnixMillis since, const Stop& stop);
  void take(json::Value observable);
  void add(std::string_view data_type, std::string_view data, std::uint64_t observable);
  Status hand_over();

  thehive::Client& client_;
  MatchSet& set_;
  TakeFresh take_fresh_;
  std::vector<Fresh> fresh_;
  UnixMillis newest_ms_ = 0;
};

}  // namespace socbridge::stream
