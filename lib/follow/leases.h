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

// A part of the shards, with how far each was read. It is one document of the state index, and that
// document is the lease too: who has it is the only one who can replace it, so one whose lease was
// taken cannot record progress any more.
struct Slice {
  int number = 0;
  opensearch::Version version;
  std::map<std::string, ShardCursor> shards;  // by ShardCursor::key()
};

struct LeaseOptions {
  std::string name = "default";   // of the stream of alerts; workers of one name share it
  std::string worker;             // unique among all workers
  int slices = 1;                 // into how many parts it is divided; 0: as it is, else 16
  std::optional<int> only;        // just this one
  std::int64_t lease_ms = 30000;  // a document that did not change for so long has no owner
  UnixMillis since_ms = 0;        // of a stream that begins: no alerts before
  std::function<std::int64_t()> now_ms = steady_now_ms;
};

// Which slices this worker has. Every worker announces itself and takes its even share of them; a
// slice whose document no longer changes is taken over. What counts is how long a change was not
// seen on the worker's own monotonic clock, so no clock has to agree with another. For one thread.
class Leases {
 public:
  Leases(opensearch::StateStore& store, LeaseOptions options)
      : store_(store), options_(std::move(options)) {}

  // Joins the stream, or begins it. Errors: usage (it is divided otherwise), those of the store.
  Status open();
  // Renews, takes and gives back; to be called every step_ms() or more often. True if the slices
  // are others than before.
  Result<bool> step();
  std::int64_t step_ms() const { return options_.lease_ms / 3; }

  std::vector<int> owned() const;
  Slice& slice(int number) { return owned_.at(number); }
  bool owns(int number) const { return owned_.contains(number); }
  // Records the progress of a slice. False: it belongs to another worker now, and is not owned any
  // more.
  Result<bool> save(int number);
  // Gives back everything, so that others need not wait.
  void close();

  int slices() const { return options_.slices; }
  UnixMillis since_ms() const { return options_.since_ms; }
  std::size_t workers() const { return workers_; }  // alive when last looked, this one included

 private:
  struct Seen {
    opensearch::Version version;
    std::int64_t changed_ms = 0;
  };
  struct Board {  // what the state index holds
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
  // `owner`: this worker, or nobody.
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
