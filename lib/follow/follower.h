// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "follow/leases.h"
#include "http/client.h"
#include "opensearch/alert_query.h"
#include "opensearch/connection.h"
#include "opensearch/search_page.h"
#include "relay/event_log.h"

namespace socbridge::follow {

// Indices with one form of alerts.
struct Part {
  std::string pattern;
  opensearch::AlertForm form = opensearch::AlertForm::v4;
};

struct FollowOptions {
  http::ClientOptions http;
  opensearch::ConnectionOptions connection;  // `stop` also ends run()
  std::vector<Part> parts;
  opensearch::AlertQuery query;  // `since` comes from the checkpoint
  std::string state_index = "socbridge-state";
  LeaseOptions leases;
  std::int64_t poll_ms = 5000;
  // Longest time from a document's sequence number until searches find it: must exceed the indices'
  // refresh_interval.
  std::int64_t late_ms = 60000;
  std::size_t page_bytes = std::size_t{2} << 20;
};

struct FollowCounts {
  std::uint64_t documents = 0;   // stored
  std::uint64_t too_large = 0;   // skipped
  std::uint64_t failures = 0;    // rounds that ended early
  std::uint64_t slices = 0;      // owned now
  std::uint64_t workers = 0;     // alive, this one included
  UnixMillis last_round_ms = 0;  // end of the last complete round
};

// Passes on every document that is added to the indices, once, whatever its time. The checkpoint is
// written after each page, once its documents are stored. run() is for one thread; counts() is
// thread safe.
class Follower {
 public:
  // Stores all documents durably, or returns why not: then they are passed again.
  using Store = std::function<Status(const std::vector<std::string_view>& documents)>;
  // Whether no more documents can be stored for the moment.
  using Full = std::function<bool()>;

  // `log` must outlive it.
  Follower(FollowOptions options, Store store, Full full, relay::EventLog& log);
  ~Follower();

  // Joins the checkpoint; round() also does this. Errors: those of Leases::open().
  Status open();
  // Runs until `connection.stop`; failures are logged and retried.
  void run();
  // One round over all current documents. Error: why it was not complete.
  Status round();
  // Releases the slices, unless the indexer has not answered lately.
  void close();
  FollowCounts counts() const;

 private:
  Status read_all();
  Status read_slice(int number, const std::vector<opensearch::Shard>& all, const Part& part);
  Status read_shard(int number, const opensearch::Shard& shard, const Part& part);
  // One read of a shard, page by page. `behind`: the last sequence number on a page.
  struct Pass {
    int number = 0;   // of the slice
    std::string key;  // of the shard's cursor
    const Part& part;
    std::int64_t behind = -1;
  };
  Result<bool> read_page(Pass& pass);
  Result<bool> take_page(Pass& pass, opensearch::SearchPage& page);
  Result<opensearch::SearchPage*> ask(const ShardCursor& cursor, const Pass& pass);
  Status skip_too_large(ShardCursor& cursor, Pass& pass);
  // Null if another worker now owns the slice.
  ShardCursor* cursor_of(int number, const std::string& key);
  Status save(int number);
  void forget_gone(const std::vector<opensearch::Shard>& all);
  bool is_gone(const ShardCursor& cursor, const std::vector<opensearch::Shard>& all);
  std::string wanted(opensearch::AlertForm form) const;
  bool stopped() const { return options_.connection.stop && options_.connection.stop(); }
  bool wait_for_room();

  FollowOptions options_;
  Store store_;
  Full full_;
  relay::EventLog& log_;
  http::Client http_;
  opensearch::Connection connection_;
  opensearch::StateStore state_;
  Leases leases_;
  bool opened_ = false, answers_ = true;
  std::size_t size_;   // documents to request
  std::size_t asked_;  // size requested for the current page
  opensearch::SearchPage page_;
  std::map<std::string, std::int64_t>
      looked_for_;  // indices that are not open, with the time of the last check (monotonic)
  struct Counts {
    std::atomic<std::uint64_t> documents = 0, too_large = 0, failures = 0, slices = 0, workers = 0;
    std::atomic<UnixMillis> last_round_ms = 0;
  } counts_;
};

// Metrics; docs/indexer.md lists the names.
std::string follow_prometheus(const FollowCounts& counts);

}  // namespace socbridge::follow
