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

// Keeps a MatchSet in sync with the observables of TheHive's open alerts and cases. Pages are
// requested by creation time, never by a deep offset. Not thread-safe (the set is).
class ObservableRefresh {
 public:
  using Stop = std::function<bool()>;
  // A value that is new in the set.
  struct Fresh {
    std::string data_type, data;
    std::uint64_t observable = 0;
  };
  // Receives new values, one page at a time; after an error the page is passed again.
  using TakeFresh = std::function<Status(const std::vector<Fresh>&)>;

  ObservableRefresh(thehive::Client& client, MatchSet& set, TakeFresh take_fresh = {})
      : client_(client), set_(set), take_fresh_(std::move(take_fresh)) {}

  // Reads everything; removes observables that were deleted or whose alert or case is closed.
  Status full(const Stop& stop);
  // Reads observables created since the newest known one, less a minute.
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
