// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "follow/shard_cursor.h"
#include "opensearch/state_store.h"

namespace socbridge::follow {

// A part of the shards, with the position in each. It is one document of the state index, which is
// also the lease: only the owner can replace it. A worker whose lease was taken over can no longer
// record progress.
struct Slice {
  int number = 0;
  opensearch::Version version;
  std::map<std::string, ShardCursor> shards;  // by ShardCursor::key()
};

struct LeaseOptions {
  std::string name = "default";   // of the stream of alerts; its workers share it
  std::string worker;             // unique among all workers
  int slices = 1;                 // number of parts; 0: as existing, else 16
  std::optional<int> only;        // only this one
  std::int64_t lease_ms = 30000;  // a document without a change for this time has no owner
  UnixMillis since_ms = 0;        // for a new stream: no alerts before this time
  std::function<std::int64_t()> now_ms = steady_now_ms;
};

// The slices of this worker. Every worker announces itself and takes an equal share; a slice whose
// document no longer changes is taken over. A worker measures the time since the last change on its
// own monotonic clock, so clocks need not agree. For one thread.
class Leases {
 public:
  Leases(opensearch::StateStore& store, LeaseOptions options)
      : store_(store), options_(std::move(options)) {}

  // Joins the stream, or creates it. Errors: usage if it has another number of slices, those of the
  // store.
  Status open();
  // Renews, takes over and releases slices; to be called every step_ms() or more often. True if the
  // set of slices changed.
  Result<bool> step();
  std::int64_t step_ms() const { return options_.lease_ms / 3; }

  std::vector<int> owned() const;
  Slice& slice(int number) { return owned_.at(number); }
  bool owns(int number) const { return owned_.contains(number); }
  // Records the progress of a slice. False: it now belongs to another worker and is removed here.
  Result<bool> save(int number);
  // Releases all slices, so that others need not wait for the leases to expire.
  void close();

  int slices() const { return options_.slices; }
  UnixMillis since_ms() const { return options_.since_ms; }
  std::size_t workers() const { return workers_; }  // alive at the last step, including this one

 private:
  struct Seen {
    opensearch::Version version;
    std::int64_t changed_ms = 0;
  };
  struct Board {  // content of the state index
    std::map<int, opensearch::StoredDocument> slices;
    std::map<int, std::string> owners;
    std::vector<std::string> dead_workers;
  };
  Result<Board> look();
  bool changed_lately(const opensearch::StoredDocument& document);
  bool is_free(const Board& board, int number);
  Status announce();
  Status renew();
  Status take_share(const Board& board);
  Status give_back_more_than(std::size_t share);
  // `owner`: this worker; empty: none.
  Result<bool> write(Slice& slice, std::string_view owner);
  std::string id_of(const std::string& what) const { return options_.name + "." + what; }

  opensearch::StateStore& store_;
  LeaseOptions options_;
  std::map<int, Slice> owned_;
  std::map<std::string, Seen> seen_;  // by document id
  std::optional<opensearch::Version> own_version_;
  std::int64_t beat_ = 0;
  std::int64_t renewed_ms_ = 0;
  std::size_t workers_ = 1;
};

}  // namespace socbridge::follow
