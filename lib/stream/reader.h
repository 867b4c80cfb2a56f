// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "http/stream.h"
#include "opencti/stream/sse.h"
#include "service/backoff.h"
#include "stream/cursor.h"
#include "stream/index/match_journal.h"
#include "stream/index/match_set.h"
#include "stream/match.h"

namespace socbridge::stream {

// What happens on the way, for people and programs: a name such as `connected`, `gap`, `match`, and
// members as JSON text without braces.
using StreamReport = std::function<void(std::string_view name, std::string_view members)>;

struct ReaderSetup {
  std::string url;  // of the stream, without options
  Secret token;
  http::ClientOptions http;
  std::string cursor_file;
  // Where to begin without a cursor: `now`, `start` (with a snapshot of the database), an event id
  // or a time.
  std::string from = "now";
  std::int64_t silence_ms = 30000;
  std::int64_t flush_ms = 500;
  std::int64_t shortest_pause_ms = 1000, longest_pause_ms = 60000;
  std::uint64_t most_waiting_bytes = std::uint64_t{256} << 20;
  bool once = false;                   // end when everything that was there has been read
  std::int64_t wait_limit_ms = 30000;  // with `once`: for what does not answer
  std::int64_t idle_ms = 0;            // with `once`: and nothing came for so long
  MatchRules rules;
};

// Reads a live stream, finds what concerns the observables in the set and puts it into the journal.
// Waits for nothing but the network and the disk. What is in the journal is durable before the
// cursor behind it is, so a crash repeats events and loses none. Runs in one thread; counts may be
// read in others.
class StreamReader {
 public:
  // All must outlive it. `journal` may be null: matches are only reported.
  StreamReader(Env& env, ReaderSetup setup, const MatchSet& set, MatchJournal* journal,
               StreamReport report);

  // Finds out where to begin; before run(). Errors: a damaged cursor (bad_input), a `from` that
  // means nothing (usage).
  Status prepare();
  // UUID of our user; before run().
  void set_own_identity(std::string user) { setup_.rules.own_identity = std::move(user); }

  // Until `stop_fd` is readable (interrupted), or once all is read (ok). Errors that do not go away
  // by waiting: the state folder cannot be written, and with `once` also auth, refused and
  // unreachable.
  Status run(int stop_fd);

  struct Counts {
    std::uint64_t connections = 0, heartbeats = 0, malformed = 0, gaps = 0, bytes = 0;
  };
  // As of the last moment between two parts of the stream.
  MatchCounts matches() const;
  Counts counts() const;
  // The time of the newest event or heartbeat; 0 before the first.
  UnixMillis place_ms() const { return place_ms_; }
  // Liveness counter for the watchdog; increments at least once a second while the reader runs.
  std::uint64_t beats() const { return beats_; }

 private:
  enum class Next { go_on, reconnect, done, stopped };
  Next connect(int stop_fd, Status& fatal);
  std::string request_url() const;
  bool take(const opencti::SseEvent& event);
  bool take_connected(const opencti::StreamEvent& event);
  void take_heartbeat(const opencti::StreamEvent& event);
  void take_change(const opencti::StreamEvent& event);
  void take_marking(const opencti::StreamEvent& event);
  void report_shared();
  bool tick();
  void report_progress();
  Status commit();
  Next evaluate(const http::StreamEnd& end, std::int64_t& pause_ms, Status& fatal);
  void publish();
  bool caught_up() const;

  Env& env_;
  ReaderSetup setup_;
  const MatchSet& set_;
  MatchJournal* journal_;
  StreamReport report_;
  http::Stream stream_;
  opencti::SseParser parser_;
  MatchCounts counts_;
  Counts reading_;
  std::atomic<std::uint64_t> beats_{0};
  std::atomic<UnixMillis> place_ms_{0};
  mutable std::mutex public_mutex_;
  MatchCounts public_counts_;  // what others see of the two above
  Counts public_reading_;

  StreamCursor cursor_, saved_;
  std::string lines_;                                         // matches not yet in the journal
  std::map<std::string, std::string, std::less<>> markings_;  // name by STIX id, as they came
  bool shared_reported_ = false;
  std::int64_t committed_ms_ = 0, last_change_ms_ = 0, progress_ms_ = 0;
  Backoff backoff_;  // of connections in a row that gave nothing
  int beats_after_recovery_ = 0;
  std::optional<opencti::EventId> target_;  // `connected` named it as the last one
  bool reached_target_ = false;
  bool again_ = false;  // reconnect at once, to recover
  bool full_ = false;   // too much waits: disconnected until it is delivered
  Status error_;
};

}  // namespace socbridge::stream
