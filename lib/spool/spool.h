// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "spool/alert_counts.h"
#include "spool/call_failures.h"

namespace socbridge::spool {

// What is kept of one accepted alert. On disk: docs/spool.md. Never holds a key.
struct Entry {
  std::string integration;  // block name, e.g. custom-w2thive
  std::string hook_url;     // as handed over, without user information
  std::string options;      // the block's options as JSON without secrets, or empty
  UnixMillis accepted_ms = 0;
  std::string alert;  // raw bytes, exactly as read
  // Where it goes: the name of a destination; empty: the top-level one; kUndecided.
  std::string destination = {};
};

// An entry that was accepted when the rules could not be read: they decide before its first try.
inline constexpr const char* kUndecided = "?";

// A state is a folder of the spool.
enum class State { queue, hold, dead, corrupt };
const char* state_name(State state);  // also the folder's name

// Why an entry is where it is; written beside it as JSON (`<id>.reason`).
// Members are only ever added; unknown ones are ignored, missing ones are as below.
struct Reason {
  UnixMillis at_ms = 0;
  int attempts = 0;     // deliveries tried so far
  int http_status = 0;  // 0: no answer
  std::string kind;     // a class of docs/spool.md: retry, auth, refused, too_large, expired, …
  std::string message;  // one printable line: the server's own words, or what failed
  UnixMillis first_failure_ms = 0;  // 0: unknown
  bool ambiguous = false;           // the last try may have been acted on: ask before sending again
  std::string left_out =
      {};  // parts that are not sent any more since TheHive refused them, by comma
};

// The right to work on one entry: an flock on its file. Ends with the object or with the process.
class Claim {
 public:
  const std::string& id() const { return id_; }
  State state() const { return state_; }
  std::int64_t next_attempt_ms() const { return next_attempt_ms_; }  // when it was claimed
  // A request that had no known end was sent for it (Spool::mark_sent()).
  bool sent() const { return sent_; }
  // The entry changed last then, Unix milliseconds: if sent(), not before that request. 0: unknown.
  std::int64_t changed_ms() const { return changed_ms_; }

 private:
  friend class Spool;
  std::string id_;
  State state_ = State::queue;
  std::int64_t next_attempt_ms_ = 0;
  std::int64_t changed_ms_ = 0;
  std::optional<std::uint64_t> bytes_;  // if the descriptor can be read
  bool sent_ = false;
  bool first_ = false;                      // of the process that accepted the entry
  bool untouched_ = false;                  // never had a reason: its mode says so
  bool has_reason_ = true;                  // false: surely not
  std::optional<std::string> destination_;  // of the entry, once it was read
  Fd fd_;
};

struct EntryInfo {
  std::string id;
  std::uint64_t bytes = 0;
  std::int64_t next_attempt_ms = 0;  // the file's mtime
};

// How much a spool may hold, all states together. 0: no bound.
struct Bounds {
  std::uint64_t max_entries = 0;
  std::uint64_t max_bytes = 0;       // sizes of the entries' files
  std::uint64_t min_free_bytes = 0;  // of the file system; at most a twentieth of its size counts
};

struct Totals {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

// A folder of accepted alerts that survives crashes and power loss. Any number of processes may use
// one spool at once. Layout: tmp/ queue/ hold/ dead/ corrupt/ state/.
class Spool {
 public:
  // Makes missing folders (0700). Errors: not a folder, not ours, not writable; one line with the
  // cure. Below the folder links are not followed (Env::within()).
  static Result<Spool> open(Env& env, std::string dir);
  // The same for readers: creates nothing. A spool without its folders is an empty one. If
  // the spool itself is not there the error has ENOENT.
  static Result<Spool> open_read_only(Env& env, std::string dir);

  // Whether `bytes` more may be accepted. The error is one line that says which bound is met and
  // what to do. Cheap: it compares with a stored count (state/usage) plus what was admitted since
  // (the size of state/admitted, a byte per begun 4096 bytes), and counts again only when that sum
  // meets a bound and at least a hundredth of the bound was admitted since the last count. So a
  // spool may pass a bound by a hundredth and by what is accepted at the same moment, and a full
  // one may refuse for up to 5 s after there is room. Call it once before each accept(), and before
  // accept_each() with the number of entries, each of so many bytes.
  Status admit(std::uint64_t bytes, const Bounds& bounds, UnixMillis now_ms,
               std::uint64_t entries = 1);

  // Counts all states file by file and stores the sum for admit(). Linear.
  Result<Totals> count(UnixMillis now_ms);

  // Stores the entry durably: tmp/ file, rename into queue/, fsync of the file and of queue/. On
  // return it survives power loss and is claimed by the caller, so that no other process delivers
  // it meanwhile. Power loss before that may leave a part of it in queue/, which load() finds
  // damaged.
  Result<Claim> accept(const Entry& entry);

  // The same for an alert that goes to several destinations (at least one): an entry for each, all
  // durable on return; after an error none is there. A process that is killed meanwhile may leave
  // some of them. `entry.destination` is overwritten.
  Result<std::vector<Claim>> accept_each(Entry& entry,
                                         const std::vector<std::string>& destinations);

  // Claims an entry. Empty if it is gone or claimed by another process.
  Result<std::optional<Claim>> claim(State state, const std::string& id);

  // Reads a claimed entry. A damaged one is ExitCode::bad_input and should be moved to corrupt/.
  Result<Entry> load(Claim& claim);

  // Delivered: entry and reason are removed. Whether the removal itself survives power loss does
  // not matter: a second delivery is a duplicate to TheHive. `counted`, here and below: is counted
  // (counts()), once however often a process is killed; empty: nothing is.
  Status remove(Claim claim, std::optional<Counted> counted = {});

  // Leaves the entry where it is, records why, and sets when it is next due.
  Status postpone(Claim claim, const Reason& reason, std::int64_t next_attempt_ms,
                  std::optional<Counted> counted = {});

  // Moves the entry (and its reason) to another state, durably.
  Status move(Claim claim, State to, const Reason& reason, std::optional<Counted> counted = {});

  // Before a request that may create the alert, and after an end that leaves nothing open. Stays
  // with the entry when the process is killed.
  Status mark_sent(Claim& claim) { return set_sent(claim, true); }
  Status clear_sent(Claim& claim) { return set_sent(claim, false); }

  std::optional<Reason> reason(State state, const std::string& id);
  std::optional<Reason> reason(Claim& claim);  // and remove() need not look for one that is not

  // Makes the entry due at another time; the reason stays as it is.
  Status reschedule(const Claim& claim, std::int64_t next_attempt_ms);

  // Entries of a state in order of id, that is of acceptance. Linear; holds about 60 bytes each.
  Result<std::vector<EntryInfo>> list(State state);

  // Ids of a state in the order the file system has them, one at a time, without a stat() of the
  // files. `visit` returns false to stop.
  Status for_each(State state, const std::function<bool(std::string_view id)>& visit);

  // The destination of one entry; empty optional if it is gone or damaged. Reads its first bytes.
  std::optional<std::string> destination(State state, const std::string& id);

  // Size and time of one entry; empty if it is gone.
  std::optional<EntryInfo> info(State state, const std::string& id);

  // Removes what crashes left behind: files of tmp/ older than an hour, reasons without an entry.
  // Returns how many. Linear; for long-running processes, not for each alert.
  Result<std::uint64_t> tidy(UnixMillis now_ms);

  // Where the entry's file is, or would be. For looking only: what changes entries claims them.
  std::string entry_path(State state, std::string_view id) const;

  const std::string& dir() const { return dir_; }
  // For everything in this folder: follows no links there, and notes what fails.
  Env& env() const { return *env_; }
  CallFailures& failures() const;
  // What became of alerts of one destination; the top-level one has also those of none. The object
  // lives as long as the spool.
  AlertCounts& counts(const std::string& destination = {}) const;
  // The sums of all of them. Empty and errors as AlertCounts::read().
  Result<std::optional<CountTotals>> all_counts() const;
  // The names of the destinations that have counts, the top-level one first.
  std::vector<std::string> counted_destinations() const;
  std::string state_dir() const { return dir_ + "/state"; }  // small cached state, may be lost

 private:
  struct Inside;
  Spool(std::shared_ptr<Inside> inside, std::string dir);
  Status make_folders();
  struct Fresh;
  Result<Fresh> write_fresh(const Entry& entry);
  Status undo(const std::vector<Fresh>& written, const Status& why);
  Status enqueue(std::vector<Fresh>& written);
  AlertCounts& counts_of(const Claim& claim);
  std::optional<AlertCounts::Note> note(const Claim& claim, std::optional<Counted> counted,
                                        int attempts);
  std::string path(State state, std::string_view id, std::string_view suffix) const;
  Status set_sent(Claim& claim, bool sent);
  // Writes the reason of an entry that is or will be in `state`.
  enum class Sync { before_return, none };
  Status give_reason(Claim& claim, State state, const Reason& reason, Sync sync);
  std::shared_ptr<Inside> inside_;  // one for all copies
  Env* env_;                        // of `inside_`
  std::string dir_;
  bool read_only_ = false;
};

// Serialised form of an entry and back; load() is strict: magic, lengths and SHA-256 must fit.
std::string encode(const Entry& entry);
Result<Entry> decode(std::string_view bytes);

// The destination that the beginning of an entry names; empty optional: it is no entry.
std::optional<std::string> destination_of(std::string_view first_bytes);
inline constexpr std::size_t kDestinationBytes = 128;  // enough for it

}  // namespace socbridge::spool
