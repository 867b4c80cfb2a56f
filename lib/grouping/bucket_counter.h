// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::grouping {

// Whether the entry stands in queue/, hold/ or dead/ of the spool that the folder `state` is part
// of.
bool entry_waits(Env& env, const std::string& state_dir, const std::string& entry);

// What is stored of one bucket (mapping/bucket.h): which alerts belong to it, so that none is
// counted twice however often it is delivered, and by however many processes. One file,
// `state/buckets/ID`, that only grows, a line at a time:
//   m REF MS LEVEL   an alert: its reference, time and level
//   +                an alert that is only counted, since the file is over 2 MiB
//   o HEX            an observable that was sent, 16 digits of a SHA-256
//   b N              so many were counted when the file was lost
//   t ID             the spool entry of its summary; behind it the destination if it has a name
// A last line without its end (crash, full disk) is ignored and written over. Having a
// BucketCounter is having the file's lock; keep it for a moment only.
//
// At most about 10,000 files are kept: of more, those that were not touched for longest go, and
// all that were not touched for 32 days. A file stays whatever its age while the entry of
// its summary waits in the spool, so no counted alert is lost before TheHive has it; the
// spool's own bounds limit how many such files there can be.
class BucketCounter {
 public:
  // The id of the counter of a bucket whose TheHive alert is at `destination`: each has members and
  // observables of its own. The bucket's own for the top-level one.
  static std::string id_at(const std::string& bucket_id, const std::string& destination);

  // Waits at most half a second for the lock. Errors: no such folder, not writable, busy.
  static Result<BucketCounter> open(Env& env, const std::string& state_dir, const std::string& id);

  struct Member {
    std::string ref;
    UnixMillis time_ms = 0;
    int level = 0;
  };
  struct View {
    std::vector<Member> members;  // in the order they came
    std::uint64_t unnamed = 0;    // counted only
    std::uint64_t base = 0;
    std::set<std::string> observables;
    std::map<std::string, std::string> entries;  // by destination
    std::uint64_t count() const { return members.size() + unnamed; }
  };
  const View& view() const { return view_; }

  // Place of the alert among all, from 0; it is added if it was not known.
  Result<std::uint64_t> add(const Member& member);
  Status add_observables(const std::vector<std::string>& digests);
  Status set_base(std::uint64_t base);
  Status set_entry(const std::string& id, const std::string& destination = {});
  // What was added survives power loss.
  Status sync();

  // 16 hex digits.
  static std::string digest(std::string_view data_type, std::string_view data);

 private:
  BucketCounter(Env& env, Fd fd, std::string folder)
      : env_(&env), fd_(std::move(fd)), folder_(std::move(folder)) {}
  Status read();
  void line(std::string_view text);
  Status append(const std::string& line);

  Env* env_;
  Fd fd_;
  std::string folder_;
  View view_;
  std::uint64_t end_ = 0;  // behind the last whole line
  bool fresh_ = false;
};

}  // namespace socbridge::grouping
