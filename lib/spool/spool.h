#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

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
struct Reason {
  UnixMillis at_ms = 0;
  int attempts = 0;     // deliveries tried so far
  int http_status = 0;  // 0: no answer
  std::string kind;     // duplicate of the class names in docs/spool.md: retry, auth, final, …
  std::string message;  // one printable line
};

// The right to work on one entry: an flock on its file. Ends with the object or with the process.
class Claim {
 public:
  const std::string& id() const { return id_; }
  State state() const { return state_; }

 private:
  friend class Spool;
  std::string id_;
  State state_ = State::queue;
  Fd fd_;
};

struct EntryInfo {
  std::string id;
  std::uint64_t bytes = 0;
  std::int64_t next_attempt_ms = 0;  // the file's mtime
};

// A folder of accepted alerts that survives crashes and power loss. Any number of processes may use
// one spool at once. Layout: tmp/ queue/ hold/ dead/ corrupt/ state/.
class Spool {
 public:
  // Makes missing folders (0700). Errors: not a folder, not ours, not writable; one line with the
  // cure.
  static Result<Spool> open(Env& env, std::string dir);

  // Stores the entry durably: tmp/ file, fsync, rename into queue/, fsync of queue/. On return it
  // survives power loss and is claimed by the caller, so that nobody else delivers it meanwhile.
  Result<Claim> accept(const Entry& entry);

  // Claims an entry. Empty if it is gone or claimed by somebody else.
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

  // Entries of a state in order of id, that is of acceptance.
  Result<std::vector<EntryInfo>> list(State state);

  const std::string& dir() const { return dir_; }
  std::string state_dir() const { return dir_ + "/state"; }  // small remembered facts, may be lost

 private:
  Spool(Env& env, std::string dir) : env_(&env), dir_(std::move(dir)) {}
  std::string path(State state, const std::string& id, const char* suffix) const;
  Env* env_;
  std::string dir_;
};

// Serialised form of an entry and back; load() is strict: magic, lengths and SHA-256 must fit.
std::string encode(const Entry& entry);
Result<Entry> decode(std::string_view bytes);

}  // namespace socbridge::spool
