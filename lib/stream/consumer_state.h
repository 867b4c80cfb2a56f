// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "http/client.h"
#include "service/backoff.h"
#include "service/change_signal.h"
#include "stream/consumer_setup.h"
#include "stream/event.h"
#include "stream/index/match_journal.h"
#include "stream/index/match_set.h"
#include "thehive/client.h"

namespace socbridge::stream {

// One connection to TheHive with its client.
struct TheHiveLink {
  explicit TheHiveLink(const ConsumerSetup& setup)
      : http(setup.thehive_http), client(http, *setup.thehive) {}
  http::Client http;
  thehive::Client client;
};

// Whether the server will always refuse this request. A proxy's error page can look the same for a
// moment, so only three equal refusals in a row are final.
bool is_refusal(const Status& status);
inline constexpr int kRefusals = 3;

// The failure of a lookup in OpenCTI, with a hint if the token lacks the permission.
Status with_choice(const Status& status);

// State shared by the threads of a consumer.
struct ConsumerState {
  ConsumerState(Env& env, ConsumerSetup setup, EventSink sink);

  void report(const Event& event);
  std::string path(const char* name) const { return setup.state_dir + "/" + name; }

  bool stopping() const { return stop || quit; }
  // Sets one of the flags below and wakes the threads that wait.
  void raise(std::atomic<bool>& flag) {
    flag = true;
    changed.notify();
  }
  // False: the consumer stops.
  bool pause(std::int64_t ms) const;
  // Waits until the journal has a line, `last` is true or the consumer stops.
  template <typename Last>
  void wait_for_lines(const MatchJournal& journal, Last last) const {
    constexpr std::int64_t kLongestMs = 60000;
    changed.wait(kLongestMs, [&] { return stopping() || !journal.empty() || last(); });
  }
  // Reports the failure and waits. False: the consumer stops, or a `once` run has waited long
  // enough; then the failure is stored as `error`. A service waits without limit.
  bool wait_after(event::Outage::Of what, const Status& why, Backoff& backoff);
  Status error() const;

  // Locks the state folder and opens its queues.
  Status open_state();

  Env& env;
  const ConsumerSetup setup;
  MatchSet set;
  std::string cursor_file;
  // Matches to report; values to look up in OpenCTI; reported matches that still need their
  // techniques. The last two exist only if configured.
  std::unique_ptr<MatchJournal> matches, lookups, techniques;
  std::atomic<bool> stop{false};  // requested from outside
  std::atomic<bool> quit{false};  // threads must end
  // Set when a stage will produce nothing more; read by the next stage.
  std::atomic<bool> all_read{false}, all_refreshed{false}, all_looked_up{false},
      all_notified{false};
  std::atomic<std::uint64_t> outages{0};
  ChangeSignal changed;  // a flag was set, or a journal has a new line

 private:
  EventSink sink_;
  mutable std::mutex mutex_;
  Fd lock_;
  Status error_;
};

}  // namespace socbridge::stream
