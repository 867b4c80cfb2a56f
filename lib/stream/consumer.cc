// SPDX-License-Identifier: Apache-2.0
#include "stream/consumer.h"

#include <poll.h>

#include <atomic>
#include <thread>
#include <vector>

#include "service/event_fd.h"
#include "stream/consumer_state.h"
#include "stream/index_refresher.h"
#include "stream/lookup/indicator_lookup.h"
#include "stream/match_delivery.h"
#include "stream/own_identity.h"
#include "stream/technique_delivery.h"

namespace socbridge::stream {

struct StreamConsumer::Impl {
  Impl(Env& env, ConsumerSetup setup, EventSink sink)
      : core(env, std::move(setup), std::move(sink)),
        refresher(core),
        lookup(core),
        delivery(core),
        techniques(core) {}

  // Everything that is needed before the first event.
  Status prepare() {
    ReaderSetup given = core.setup.reader;
    given.cursor_file = core.cursor_file;
    const auto report = [this](const Event& event) { core.report(event); };
    reader = std::make_unique<StreamReader>(core.env, std::move(given), core.set,
                                            core.matches.get(), report);
    if (const Status s = reader->prepare(); !s.ok()) return s;
    const auto own = find_own_identity(core);
    if (!own.ok()) return own.status();
    reader->set_own_identity(*own);
    return refresher.fill();
  }

  Status read(int stop_fd) {
    if (const Status s = prepare(); !s.ok()) return s;
    core.all_looked_up = !core.lookups;
    std::vector<std::thread> threads;
    if (core.matches) {
      threads.emplace_back([this] { delivery.run(); });
      if (core.lookups) threads.emplace_back([this] { lookup.run(); });
      if (core.techniques) threads.emplace_back([this] { techniques.run(); });
    }
    std::thread refreshing;
    if (core.matches) refreshing = std::thread([this] { refresher.run(); });
    is_reading = has_begun = true;
    const Status ended = reader->run(stop_fd);
    is_reading = false;
    core.raise(core.all_read);
    // If everything was read, the matches are delivered too. If stopped, they stay in the journals.
    if (!ended.ok()) core.raise(core.quit);
    for (std::thread& one : threads) one.join();
    core.raise(core.quit);
    if (refreshing.joinable()) refreshing.join();
    return ended;
  }

  // Waits until one of the two is readable; poll() ignores a descriptor of -1.
  void watch(int stop_fd, int over_fd) {
    constexpr int kLookMs = 50;
    pollfd both[] = {{stop_fd, POLLIN, 0}, {over_fd, POLLIN, 0}};
    while (!core.stopping() && both[1].revents == 0) {
      static_cast<void>(::poll(both, 2, over_fd >= 0 ? -1 : kLookMs));
      if (both[0].revents != 0) core.raise(core.stop);
    }
  }

  Status run(int stop_fd) {
    if (const Status s = core.open_state(); !s.ok()) return s;
    EventFd over;
    std::thread watcher([this, stop_fd, &over] { watch(stop_fd, over.fd()); });
    const Status ended = read(stop_fd);
    core.raise(core.quit);
    over.signal();
    watcher.join();
    if (!ended.ok()) return ended;
    if (const Status error = core.error(); !error.ok()) return error;
    if (core.stop) return Status::error(ExitCode::interrupted, "stopped before all was delivered");
    if (const std::uint64_t refused = delivery.counts().refused; refused > 0) {
      return Status::error(ExitCode::degraded,
                           std::to_string(refused) + " matches were refused by TheHive",
                           "see " + core.path("refused.jsonl"));
    }
    return {};
  }

  ConsumerState core;
  IndexRefresher refresher;
  IndicatorLookup lookup;
  MatchDelivery delivery;
  TechniqueDelivery techniques;
  std::unique_ptr<StreamReader> reader;
  std::atomic<bool> is_reading{false}, has_begun{false};
};

StreamConsumer::StreamConsumer(Env& env, ConsumerSetup setup, EventSink sink)
    : impl_(std::make_unique<Impl>(env, std::move(setup), std::move(sink))) {}
StreamConsumer::~StreamConsumer() = default;

Status StreamConsumer::run(int stop_fd) { return impl_->run(stop_fd); }

ConsumerCounts StreamConsumer::counts() const {
  const auto waiting = [](const std::unique_ptr<MatchJournal>& journal) {
    return journal ? journal->waiting_bytes() : 0;
  };
  ConsumerCounts out;
  if (impl_->reader) {
    out.matches = impl_->reader->shared().matches();
    out.reading = impl_->reader->shared().reading();
    out.place_ms = impl_->reader->shared().place_ms();
  }
  const ConsumerState& core = impl_->core;
  out.delivery = impl_->delivery.counts();
  out.lookups = impl_->lookup.counts();
  out.procedures = impl_->techniques.added();
  out.outages = core.outages;
  out.values = core.set.size();
  out.waiting_bytes = waiting(core.matches);
  out.lookups_waiting_bytes = waiting(core.lookups);
  out.tasks_waiting_bytes = waiting(core.techniques);
  return out;
}

std::uint64_t StreamConsumer::beats() const {
  return impl_->reader ? impl_->reader->shared().beats() : 0;
}
bool StreamConsumer::reading() const { return impl_->is_reading; }
bool StreamConsumer::began() const { return impl_->has_begun; }

}  // namespace socbridge::stream
