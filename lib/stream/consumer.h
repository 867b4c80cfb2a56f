// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/env.h"
#include "base/status.h"
#include "stream/consumer_counts.h"
#include "stream/consumer_setup.h"

namespace socbridge::stream {

// The whole consumer: one thread reads the stream and never waits for TheHive, one delivers from
// the journal, one keeps the set of values like TheHive, one asks OpenCTI about values that are new
// there, one adds techniques.
class StreamConsumer {
 public:
  StreamConsumer(Env& env, ConsumerSetup setup, EventSink sink);
  ~StreamConsumer();

  // Until `stop_fd` is readable (interrupted, with all that is durable saved) or, with
  // `reader.once`, all is read and delivered. Errors: those of StreamReader::run(); the state
  // folder is in use or not writable (failure); `once` and TheHive does not take it (auth,
  // unreachable); degraded if something was written to `refused.jsonl`.
  Status run(int stop_fd);

  ConsumerCounts counts() const;
  std::uint64_t beats() const;  // of the reader
  bool reading() const;         // the set is there, the stream is being read
  bool began() const;           // it was, at some time

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::stream
