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

// One accepted alert. On disk: docs/spool.md. Never contains a key.
struct Entry {
  std::string integration;  // block name, e.g. custom-w2thive
  std::string hook_url;     // as passed by integratord, without user information
  std::string options;      // the block's options as JSON without secrets, or empty
  UnixMillis accepted_ms = 0;
  std::string alert;  // raw bytes, unchanged
  // The name of its destination; empty: the top-level one; or kUndecided.
  std::string destination = {};
};

// Destination of an entry that was accepted while the rules could not be read: they are applied
// before its first attempt.
inline constexpr const char* kUndecided = "?";

// A state is a folder of the spool.
enum class State { queue, hold, dead, corrupt };
const char* state_name(State state);  // also the folder's name

// The reason for an entry's state; stored with it as JSON (`<id>.reason`). Members are only added;
// unknown ones are ignored, missing ones have the defaults below.
struct Reason {
  UnixMillis at_ms = 0;
  int attempts = 0;     // delivery attempts so far
  int http_status = 0;  // 0: no answer
  std::string kind;     // a class of docs/spool.md: retry, auth, refused, too_large, expired, …
  std::string message;  // one printable line: the server's own text, or what failed
  UnixMillis first_failure_ms = 0;  // 0: unknown
  bool ambiguous = false;           // the last attempt may have been acted on: query it first
  std::string left_out =
      {};  // parts that are no longer sent because TheHive refused them, separated by commas
};

// The exclusive right to change one entry: an flock on its file. Ends with the object or the
// process.
class Claim {
 public:
  const std::string& id() const { return id_; }
  State state() const { return state_; }
  std::int64_t next_attempt_ms() const { return next_attempt_ms_; }  // at the time of the claim
  // A request without a known result was sent for it (Spool::mark_sent()).
  bool sent() const { return sent_; }
  // Last change of the entry, Unix milliseconds; if sent(), not before that request. 0: unknown.
  std::int64_t changed_ms() const { return changed_ms_; }

 private:
  friend class Spool;
  std::string id_;
  State state_ = State::queue;
  std::int64_t next_attempt_ms_ = 0;
  std::int64_t changed_ms_ = 0;
  std::optional<std::uint64_t> bytes_;  // if the descriptor can be read
  bool sent_ = false;
  bool first_ = false;                      // by the process that accepted the entry
  bool untouched_ = false;                  // never had a reason, by its mode
  bool has_reason_ = true;                  // false: it certainly has none
  std::optional<std::string> destination_;  // of the entry, once read
  Fd fd_;
};

struct EntryInfo {
  std::string id;
  std::uint64_t bytes = 0;
  std::int64_t next_attempt_ms = 0;  // the file's mtime
};

// Limits of a spool, for all states together. 0: unlimited.
struct Bounds {
  std::uint64_t max_entries = 0;
  std::uint64_t max_bytes = 0;       // sizes of the entries' files
  std::uint64_t min_free_bytes = 0;  // of the file system; at most a twentieth of its size
};

struct Totals {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

// A folder of accepted alerts that survives crashes and power loss. Any number of processes may use
// one spool at once. Layout: tmp/ queue/ hold/ dead/ corrupt/ state/.
class Spool {
 public:
  // Creates missing folders (0700). Errors: not a folder, another owner, not writable; one line
  // with the remedy. Links below the folder are not followed (Env::within()).
  static Result<Spool> open(Env& env, std::string dir);
  // The same for readers: creates nothing. A spool without its folders counts as empty. If the
  // spool itself does not exist the error has ENOENT.
  static Result<Spool> open_read_only(Env& env, std::string dir);

  // Whether `bytes` more may be accepted. The error is one line with the limit that is reached and
  // the remedy. Cheap: it compares the limits with a stored count (state/usage) plus what was
  // admitted since (the size of state/admitted, one byte per started 4096 bytes). It counts again
  // only when that sum reaches a limit and at least a hundredth of the limit was admitted since the
  // last count. So a spool may exceed a limit by a hundredth plus concurrent accepts, and a full
  // one may refuse for up to 5 s after space is freed. Call it once before each accept(), and
  // before accept_each() with the number of entries, of `bytes` each.
  Status admit(std::uint64_t bytes, const Bounds& bounds, UnixMillis now_ms,
               std::uint64_t entries = 1);

  // Counts all states file by file and stores the sum for admit(). Linear.
  Result<Totals> count(UnixMillis now_ms);

  // Stores the entry durably: tmp/ file, rename into queue/, fsync of the file and of queue/. On
  // return it survives power loss and is claimed by the caller, so that no other process delivers
  // it meanwhile. Power loss before that may leave part of it in queue/, which load() reports as
  // damaged.
  Result<Claim> accept(const Entry& entry);

  // The same for an alert with several destinations (at least one): one entry for each, all durable
  // on return; after an error none exists. A process that is killed meanwhile may leave some of
  // them. `entry.destination` is overwritten.
  Result<std::vector<Claim>> accept_each(Entry& entry,
                                         const std::vector<std::string>& destinations);

  // Claims an entry. Empty if it was removed or is claimed by another process.
  Result<std::optional<Claim>> claim(State state, const std::string& id);

  // Reads a claimed entry. A damaged one is ExitCode::bad_input and should be moved to corrupt/.
  Result<Entry> load(Claim& claim);

  // Removes entry and reason after delivery. The removal need not survive power loss: a second
  // delivery is a duplicate for TheHive. `counted`, here and below: counted exactly once
  // (counts()), even if processes are killed; empty: not counted.
  Status remove(Claim claim, std::optional<Counted> counted = {});

  // Leaves the entry in its state, stores the reason, and sets the time of the next attempt.
  Status postpone(Claim claim, const Reason& reason, std::int64_t next_attempt_ms,
                  std::optional<Counted> counted = {});

  // Moves the entry (and its reason) to another state, durably.
  Status move(Claim claim, State to, const Reason& reason, std::optional<Counted> counted = {});

  // Before a request that may create the alert, and after one with a known result. The mark
  // survives the process.
  Status mark_sent(Claim& claim) { return set_sent(claim, true); }
  Status clear_sent(Claim& claim) { return set_sent(claim, false); }

  std::optional<Reason> reason(State state, const std::string& id);
  std::optional<Reason> reason(Claim& claim);  // remove() then knows whether there is one

  // Sets the time of the next attempt; the reason is unchanged.
  Status reschedule(const Claim& claim, std::int64_t next_attempt_ms);

  // Entries of a state by id, which is the order of acceptance. Linear; takes about 60 bytes each.
  Result<std::vector<EntryInfo>> list(State state);

  // Ids of a state in the file system's order, one at a time, without stat(). `visit` returns false
  // to stop.
  Status for_each(State state, const std::function<bool(std::string_view id)>& visit);

  // The destination of one entry; empty optional if it was removed or is damaged. Reads its first
  // bytes.
  std::optional<std::string> destination(State state, const std::string& id);

  // Size and time of one entry; empty if it was removed.
  std::optional<EntryInfo> info(State state, const std::string& id);

  // Removes leftovers of crashes: files of tmp/ older than an hour, reasons without an entry.
  // Returns their number. Linear; for long-running processes, not for each alert.
  Result<std::uint64_t> tidy(UnixMillis now_ms);

  // Path of the entry's file, which may not exist. For reading only: changes require a claim.
  std::string entry_path(State state, std::string_view id) const;

  const std::string& dir() const { return dir_; }
  // For everything in this folder: follows no links there, and records failures.
  Env& env() const { return *env_; }
  CallFailures& failures() const;
  // Results of alerts of one destination; those without one count for the top-level destination.
  // The object lives as long as the spool.
  AlertCounts& counts(const std::string& destination = {}) const;
  // The sums over all destinations. Empty and errors as AlertCounts::read().
  Result<std::optional<CountTotals>> all_counts() const;
  // Names of the destinations that have counts, the top-level one first.
  std::vector<std::string> counted_destinations() const;
  std::string state_dir() const { return dir_ + "/state"; }  // small caches, may be lost

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
  std::shared_ptr<Inside> inside_;  // shared by all copies
  Env* env_;                        // a member of `inside_`
  std::string dir_;
  bool read_only_ = false;
};

// Serialises an entry, and parses one. load() is strict: magic, lengths and SHA-256 must match.
std::string encode(const Entry& entry);
Result<Entry> decode(std::string_view bytes);

// The destination in the first bytes of an entry; empty optional: not an entry.
std::optional<std::string> destination_of(std::string_view first_bytes);
inline constexpr std::size_t kDestinationBytes = 128;  // enough to read it

}  // namespace socbridge::spool
