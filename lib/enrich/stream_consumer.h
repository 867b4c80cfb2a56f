#pragma once

#include <cstdint>
#include <memory>

#include "base/env.h"
#include "base/status.h"
#include "enrich/consumer_setup.h"
#include "enrich/value_asker.h"

namespace socbridge::enrich {

struct ConsumerCounts {
  MatchCounts matches;
  StreamReader::Counts reading;
  DeliveryCounts delivery;
  ValueAsker::Counts asking;
  std::uint64_t procedures = 0;  // added for techniques that OpenCTI was asked for
  std::uint64_t values = 0, outages = 0;
  std::uint64_t waiting_bytes = 0;                                // of matches
  std::uint64_t asks_waiting_bytes = 0, tasks_waiting_bytes = 0;  // of values, of techniques
  UnixMillis place_ms = 0;  // the time of the newest event or heartbeat; 0: none yet
};

// The whole consumer: one thread reads the stream and never waits for TheHive, one delivers from
// the journal, one keeps the set of values like TheHive, one asks OpenCTI about values that are new
// there, one adds techniques.
class StreamConsumer {
 public:
  StreamConsumer(Env& env, ConsumerSetup setup, StreamReport report);
  ~StreamConsumer();

  // Until `stop_fd` is readable (interrupted, with all that is durable saved) or, with
  // `reader.once`, all is read and delivered. Errors: those of StreamReader::run(); the state
  // folder is in use or not writable (failure); `once` and TheHive does not take it (auth,
  // unreachable); degraded if something was put aside in `refused.jsonl`.
  Status run(int stop_fd);

  ConsumerCounts counts() const;
  std::uint64_t beats() const;  // of the reader
  bool reading() const;         // the set is there, the stream is being read

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::enrich
