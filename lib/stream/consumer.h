// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/env.h"
#include "base/status.h"
#include "stream/consumer_counts.h"
#include "stream/consumer_setup.h"

namespace socbridge::stream {

// The complete consumer. One thread reads the stream and never waits for TheHive; one delivers from
// the journal; one keeps the set of values in sync with TheHive; one looks up values that are new
// there in OpenCTI; one adds techniques.
class StreamConsumer {
 public:
  StreamConsumer(Env& env, ConsumerSetup setup, EventSink sink);
  ~StreamConsumer();

  // Runs until `stop_fd` is readable (interrupted, with all durable state saved) or, with
  // `reader.once`, everything is read and delivered. Errors: those of StreamReader::run(); failure
  // if the state folder is in use or not writable; with `once`, auth or unreachable if TheHive does
  // not accept matches; degraded if `refused.jsonl` was written to.
  Status run(int stop_fd);

  ConsumerCounts counts() const;
  std::uint64_t beats() const;  // of the reader
  bool reading() const;         // the set is filled, the stream is being read
  bool began() const;           // it was reading at some time

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::stream
