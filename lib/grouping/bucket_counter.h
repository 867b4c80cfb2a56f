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

// Whether the entry is in queue/, hold/ or dead/ of the spool that owns the folder `state_dir`.
bool entry_waits(Env& env, const std::string& state_dir, const std::string& entry);

// The stored state of one bucket (mapping/bucket.h): which alerts belong to it, so that each is
// counted once however often and by however many processes it is delivered. One append-only file,
// `state/buckets/ID`, with lines:
//   m REF MS LEVEL   an alert: its reference, time and level
//   +                an alert that is only counted, because the file exceeds 2 MiB
//   o HEX            an observable that was sent, 16 digits of a SHA-256
//   b N              N alerts were counted when the file was lost
//   t ID             the spool entry of its summary, followed by a destination's name, if any
// A last line without its end (crash, full disk) is ignored and overwritten. A BucketCounter holds
// the file's lock, so keep it only briefly.
//
// At most about 10,000 files are kept: beyond that the least recently touched ones are removed, and
// so are all not touched for 32 days. A file stays while the entry of its summary waits in the
// spool, so that no counted alert is lost before TheHive has it; the spool's limits also limit the
// number of such files.
class BucketCounter {
 public:
  // The counter's id for a bucket whose TheHive alert is at `destination`: each destination has
  // members and observables of its own. For the top-level one it is the bucket's id.
  static std::string id_at(const std::string& bucket_id, const std::string& destination);

  // Waits at most half a second for the lock. Errors: missing folder, not writable, busy.
  static Result<BucketCounter> open(Env& env, const std::string& state_dir, const std::string& id);

  struct Member {
    std::string ref;
    UnixMillis time_ms = 0;
    int level = 0;
  };
  struct View {
    std::vector<Member> members;  // in order of arrival
    std::uint64_t unnamed = 0;    // counted only
    std::uint64_t base = 0;
    std::set<std::string> observables;
    std::map<std::string, std::string> entries;  // by destination
    std::uint64_t count() const { return members.size() + unnamed; }
  };
  const View& view() const { return view_; }

  // Index of the alert among all, from 0; a new alert is added.
  Result<std::uint64_t> add(const Member& member);
  Status add_observables(const std::vector<std::string>& digests);
  Status set_base(std::uint64_t base);
  Status set_entry(const std::string& id, const std::string& destination = {});
  // Makes additions survive power loss.
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
  std::uint64_t end_ = 0;  // after the last complete line
  bool fresh_ = false;
};

}  // namespace socbridge::grouping
