// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "http/stream.h"
#include "opencti/stream/sse.h"
#include "service/backoff.h"
#include "stream/event.h"
#include "stream/index/match_journal.h"
#include "stream/index/match_set.h"
#include "stream/match.h"
#include "stream/reader/marking_names.h"
#include "stream/reader/position.h"
#include "stream/reader/reader_counts.h"

namespace socbridge::stream {

struct ReaderSetup {
  std::string url;  // of the stream, without query parameters
  Secret token;
  http::ClientOptions http;
  std::string cursor_file;
  // Start position without a cursor: `now`, `start` (with a snapshot of the database), an event id
  // or a time.
  std::string from = "now";
  std::int64_t silence_ms = 30000;
  std::int64_t flush_ms = 500;
  std::int64_t shortest_pause_ms = 1000, longest_pause_ms = 60000;
  std::uint64_t most_waiting_bytes = std::uint64_t{256} << 20;
  bool once = false;  // end when everything that existed at the start has been read
  std::int64_t wait_limit_ms = 30000;  // with `once`: time limit for a server that does not answer
  std::int64_t idle_ms = 0;            // with `once`: end only after this time without data
  MatchRules rules;
};

// Reads a live stream, finds events that match observables in the set and writes them to the
// journal. It waits only for the network and the disk. The journal is synced before the cursor
// moves past its events, so a crash repeats events and loses none. Runs in one thread; other
// threads may read the counts.
class StreamReader {
 public:
  // All must outlive it. `journal` may be null: matches are only reported.
  StreamReader(Env& env, ReaderSetup setup, const MatchSet& set, MatchJournal* journal,
               EventSink sink);

  // Loads the start position; before run(). Errors: bad_input for a damaged cursor, usage for an
  // invalid `from`.
  Status prepare();
  // UUID of our user; before run().
  void set_own_identity(std::string user) { setup_.rules.own_identity = std::move(user); }

  // Runs until `stop_fd` is readable (interrupted), or everything is read (ok). Errors that do not
  // pass by waiting: the state folder cannot be written, and with `once` also auth, refused and
  // unreachable.
  Status run(int stop_fd);

  // Counts, updated between two parts of the stream; its beats advance at least once a second.
  const SharedCounts& shared() const { return counts_.shared; }

 private:
  enum class Next { go_on, reconnect, done, stopped };
  Next connect(int stop_fd, Status& fatal);
  Next wait_for_room(int stop_fd);
  bool take(const opencti::SseEvent& event);
  bool take_connected(const opencti::StreamEvent& event);
  void take_heartbeat(const opencti::StreamEvent& event);
  void take_change(const opencti::StreamEvent& event);
  void report_account_shared();
  bool tick();
  void report_progress();
  Status commit();
  Next evaluate(const http::StreamEnd& end, std::int64_t& pause_ms, Status& fatal);
  std::uint64_t waiting_bytes() const;
  bool caught_up() const;

  Env& env_;
  ReaderSetup setup_;
  const MatchSet& set_;
  MatchJournal* journal_;
  EventSink sink_;
  http::Stream stream_;
  opencti::SseParser parser_;
  StreamPosition position_;
  MarkingNames markings_;
  struct Counts {
    SharedCounts shared;
    MatchCounts matches;  // this and the next are published at intervals
    ReadingCounts reading;
  } counts_;

  std::string lines_;  // matches not yet in the journal
  struct Times {
    std::int64_t committed_ms = 0, change_ms = 0, progress_ms = 0;
  } last_;           // steady clock
  Backoff backoff_;  // of consecutive connections without data
  struct State {
    bool account_reported = false;
    bool recover = false;  // reconnect at once
    bool full = false;     // too much waits: disconnected until it is delivered
    Status error;
  } state_;
};

}  // namespace socbridge::stream
