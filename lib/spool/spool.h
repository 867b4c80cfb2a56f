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
#include "spool/call_failures.h"

namespace socbridge::spool {

// What is kept of one accepted alert. On disk: docs/spool.md. Never holds a key.
struct Entry {
  std::string integration;  // block name, e.g. custom-w2thive
  std::string hook_url;     // as handed over, without user information
  std::string options;      // the block's options as JSON without secrets, or empty
  UnixMillis accepted_ms = 0;
  std::string alert;  // raw bytes, exactly as read
};

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

 private:
  friend class Spool;
  std::string id_;
  State state_ = State::queue;
  std::int64_t next_attempt_ms_ = 0;
  std::optional<std::uint64_t> bytes_;  // if the descriptor can be read
  bool untouched_ = false;              // never had a reason: its mode says so
  bool has_reason_ = true;              // false: surely not
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
  // one may refuse for up to 5 s after there is room. Call it once before each accept().
  Status admit(std::uint64_t bytes, const Bounds& bounds, UnixMillis now_ms);

  // Counts all states file by file and stores the sum for admit(). Linear.
  Result<Totals> count(UnixMillis now_ms);

  // Stores the entry durably: tmp/ file, rename into queue/, fsync of the file and of queue/. On
  // return it survives power loss and is claimed by the caller, so that no other process delivers
  // it meanwhile. Power loss before that may leave a part of it in queue/, which load() finds
  // damaged.
  Result<Claim> accept(const Entry& entry);

  // Claims an entry. Empty if it is gone or claimed by another process.
  Result<std::optional<Claim>> claim(State state, const std::string& id);

  // Reads a claimed entry. A damaged one is ExitCode::bad_input and should be moved to corrupt/.
  Result<Entry> load(const Claim& claim);

  // Delivered: entry and reason are removed. Whether the removal itself survives power loss does
  // not matter: a second delivery is a duplicate to TheHive.
  Status remove(Claim claim);

  // Leaves the entry where it is, records why, and sets when it is next due.
  Status postpone(Claim claim, const Reason& reason, std::int64_t next_attempt_ms);

  // Moves the entry (and its reason) to another state, durably.
  Status move(Claim claim, State to, const Reason& reason);

  std::optional<Reason> reason(State state, const std::string& id);
  std::optional<Reason> reason(Claim& claim);  // and remove() need not look for one that is not

  // Makes the entry due at another time; the reason stays as it is.
  Status reschedule(const Claim& claim, std::int64_t next_attempt_ms);

  // Entries of a state in order of id, that is of acceptance. Linear; holds about 60 bytes each.
  Result<std::vector<EntryInfo>> list(State state);

  // Ids of a state in the order the file system has them, one at a time, without a stat() of the
  // files. `visit` returns false to stop.
  Status for_each(State state, const std::function<bool(std::string_view id)>& visit);

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
  std::string state_dir() const { return dir_ + "/state"; }  // small cached state, may be lost

 private:
  struct Inside;
  Spool(std::shared_ptr<Inside> inside, std::string dir);
  Status make_folders();
  std::string path(State state, std::string_view id, std::string_view suffix) const;
  // Writes the reason of an entry that is or will be in `state`.
  Status give_reason(Claim& claim, State state, const Reason& reason, bool durably);
  std::shared_ptr<Inside> inside_;  // one for all copies
  Env* env_;                        // of `inside_`
  std::string dir_;
  bool read_only_ = false;
};

// Serialised form of an entry and back; load() is strict: magic, lengths and SHA-256 must fit.
std::string encode(const Entry& entry);
Result<Entry> decode(std::string_view bytes);

}  // namespace socbridge::spool
