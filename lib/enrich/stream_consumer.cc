#include "enrich/stream_consumer.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "base/text.h"
#include "enrich/observable_refresh.h"
#include "enrich/watch_list.h"
#include "http/client.h"
#include "json/writer.h"

namespace socbridge::enrich {
namespace {

constexpr std::size_t kBatch = 50;
constexpr std::int64_t kNapMs = 50;
constexpr std::int64_t kLongestPauseMs = 60000;
constexpr int kPatience = 5;

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

bool will_pass_later(const Status& status) {
  return status.code() == ExitCode::unreachable || status.code() == ExitCode::auth ||
         status.code() == ExitCode::failure;
}

// One connection to TheHive with its client.
struct Link {
  Link(const http::ClientOptions& options, const thehive::Endpoint& endpoint)
      : http(options), client(http, endpoint) {}
  http::Client http;
  thehive::Client client;
};

}  // namespace

struct StreamConsumer::Impl {
  Impl(Env& given_env, ConsumerSetup given, StreamReport given_report)
      : env(given_env),
        setup(std::move(given)),
        sink(std::move(given_report)),
        set(random_seed()) {}

  void report(std::string_view name, std::string_view members) {
    const std::lock_guard guard(report_mutex);
    sink(name, members);
  }
  void report_trouble(std::string_view name, const Status& status, std::int64_t retry_ms) {
    report(name, "\"reason\":" + json::quote(status.message()) +
                     ",\"retry_ms\":" + std::to_string(retry_ms));
  }

  std::string path(const char* name) const { return setup.state_dir + "/" + name; }
  bool stopping() const { return stop || quit; }

  // False: it is time to stop.
  bool nap(std::int64_t ms) const {
    for (const Deadline end = Deadline::after_ms(ms); !end.passed();) {
      if (stopping()) return false;
      std::this_thread::sleep_for(
          std::chrono::milliseconds(std::min<std::int64_t>(kNapMs, end.left_ms())));
    }
    return !stopping();
  }

  Status open_state() {
    if (setup.state_dir.empty()) return {};
    if (const Status s = env.make_dirs(setup.state_dir, 0700); !s.ok()) return s;
    auto file = env.open_rw(path("lock"), 0600);
    if (!file.ok()) return file.status();
    const auto mine = env.try_lock(file->get());
    if (!mine.ok()) return mine.status();
    if (!*mine) {
      return Status::error(ExitCode::failure,
                           "another consumer uses the state folder " + setup.state_dir,
                           "stop it, or give this one its own --state-dir");
    }
    state_lock = std::move(*file);
    setup.reader.cursor_file = path("cursor.json");
    if (!setup.thehive) return {};
    auto opened = MatchJournal::open(env, path("matches"));
    if (!opened.ok()) return opened.status();
    journal = std::make_unique<MatchJournal>(std::move(*opened));
    return {};
  }

  // The set must be whole before the first event: from the snapshot, or from TheHive.
  Status fill_set() {
    if (!setup.watch_list.empty()) return load_watch_list(env, setup.watch_list, set);
    const Status loaded = set.load(env, path("values"));
    if (loaded.ok() && set.size() > 0) return {};
    Link link(setup.thehive_http, *setup.thehive);
    ObservableRefresh refresh(link.client, set);
    std::int64_t pause = setup.reader.shortest_pause_ms;
    for (int tries = 1;; ++tries, pause = std::min(pause * 2, kLongestPauseMs)) {
      const Status read = refresh.full([this] { return stopping(); });
      if (read.ok()) break;
      if (!will_pass_later(read) || (setup.reader.once && tries >= kPatience)) return read;
      report_trouble("thehive_down", read, pause);
      if (!nap(pause)) return Status::error(ExitCode::interrupted, "stopped at the start");
    }
    return set.save(env, path("values"));
  }

  void refresh_loop() {
    Link link(setup.thehive_http, *setup.thehive);
    ObservableRefresh refresh(link.client, set);
    // A snapshot may be old: what was closed since then is only noticed by a whole pass.
    std::int64_t next_full = steady_now_ms() + setup.rebuild_ms;
    bool first = true;
    while (first || nap(setup.refresh_ms)) {
      first = false;
      const bool whole = steady_now_ms() >= next_full;
      const std::uint64_t before = set.size();
      const auto stopped = [this] { return stopping(); };
      const Status read = whole ? refresh.full(stopped) : refresh.recent(stopped);
      if (!read.ok()) {
        if (read.code() != ExitCode::interrupted)
          report_trouble("refresh_failed", read, setup.refresh_ms);
        continue;
      }
      if (whole) next_full = steady_now_ms() + setup.rebuild_ms;
      if (whole || set.size() != before) {
        const Status saved = set.save(env, path("values"));
        if (!saved.ok()) report_trouble("refresh_failed", saved, setup.refresh_ms);
      }
    }
  }

  Status put_aside(const std::string& line, const Status& why) {
    ++refused;
    report("refused", "\"reason\":" + json::quote(why.message()) + ",\"match\":" + line);
    const auto file = env.open_append(path("refused.jsonl"), 0600);
    if (!file.ok()) return file.status();
    const std::string text = "{\"reason\":" + json::quote(why.message()) +
                             ",\"match\":" + (line.starts_with('{') ? line : json::quote(line)) +
                             "}\n";
    if (const Status s = env.write_once(file->get(), text); !s.ok()) return s;
    return env.fsync(file->get());
  }

  Status deliver_batch(StreamDelivery& delivery, const MatchJournal::Batch& batch) {
    delivery.forget();
    const auto told = [this](const StreamMatch& match, const std::string& observable,
                             const thehive::Subject& subject, std::string_view what) {
      report("told", "\"what\":" + json::quote(what) +
                         ",\"subject\":" + json::quote(subject.text()) +
                         ",\"observable\":" + json::quote(observable) + ",\"indicator\":" +
                         json::quote(match.indicator) + ",\"state\":" + json::quote(match.state) +
                         ",\"event_id\":" + json::quote(match.event.text()));
    };
    for (const std::string& line : batch.lines) {
      if (quit) return Status::error(ExitCode::interrupted, "stopped");
      const auto match = StreamMatch::read(line);
      Status done = match.ok() ? delivery.deliver(*match, told) : match.status();
      if (!done.ok() && will_pass_later(done)) return done;
      if (!done.ok()) {
        if (const Status kept = put_aside(line, done); !kept.ok()) return kept;
      }
      const std::lock_guard lock_counts(counts_mutex);
      delivered = delivery.counts();
    }
    return journal->confirm(batch);
  }

  void deliver_loop() {
    Link link(setup.thehive_http, *setup.thehive);
    StreamDelivery delivery(link.client, setup.delivery);
    std::int64_t pause = 0;
    int failures = 0;
    while (!quit) {
      auto batch = journal->next(kBatch);
      Status done = batch.ok() ? Status() : batch.status();
      if (batch.ok() && batch->lines.empty()) {
        const bool nothing_waits = journal->empty();
        if (!nothing_waits) done = journal->confirm(*batch);
        if (done.ok() && nothing_waits && drain) return;
        if (done.ok()) {
          std::this_thread::sleep_for(std::chrono::milliseconds(kNapMs));
          continue;
        }
      }
      if (done.ok()) done = deliver_batch(delivery, *batch);
      if (done.ok()) {
        failures = 0;
        pause = 0;
        continue;
      }
      if (done.code() == ExitCode::interrupted) return;
      ++outages;
      ++failures;
      // A wrong key is no reason to hammer: servers ban for it.
      const std::int64_t least =
          done.code() == ExitCode::auth ? kLongestPauseMs : setup.reader.shortest_pause_ms;
      pause = std::clamp(pause * 2, least, kLongestPauseMs);
      report_trouble("thehive_down", done, pause);
      if (setup.reader.once && drain && (failures >= kPatience || done.code() == ExitCode::auth)) {
        const std::lock_guard lock_counts(counts_mutex);
        delivery_trouble = done;
        return;
      }
      for (const Deadline end = Deadline::after_ms(pause); !end.passed() && !quit;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kNapMs));
      }
    }
  }

  Status run(int stop_fd) {
    if (const Status s = open_state(); !s.ok()) return s;
    std::thread watcher([this, stop_fd] {
      pollfd one{stop_fd, POLLIN, 0};
      while (!quit && !stop) stop = ::poll(&one, stop_fd >= 0 ? 1 : 0, kNapMs) > 0;
    });
    reader = std::make_unique<StreamReader>(
        env, setup.reader, set, journal.get(),
        [this](std::string_view name, std::string_view members) { report(name, members); });
    Status ended = reader->prepare();
    if (ended.ok()) ended = fill_set();
    std::vector<std::thread> threads;
    if (ended.ok()) {
      if (setup.thehive && journal) {
        threads.emplace_back([this] { refresh_loop(); });
        threads.emplace_back([this] { deliver_loop(); });
      }
      is_reading = true;
      ended = reader->run(stop_fd);
      is_reading = false;
    }
    drain = true;
    // All was read: what it brought is delivered too. Stopped: it waits in the journal.
    if (!ended.ok()) quit = true;
    if (threads.size() > 1) threads[1].join();
    quit = true;
    if (!threads.empty()) threads[0].join();
    watcher.join();
    if (!ended.ok()) return ended;
    if (!delivery_trouble.ok()) return delivery_trouble;
    if (stop) return Status::error(ExitCode::interrupted, "stopped before all was delivered");
    if (refused > 0) {
      return Status::error(ExitCode::degraded,
                           std::to_string(refused) + " matches were refused by TheHive",
                           "see " + path("refused.jsonl"));
    }
    return {};
  }

  Env& env;
  ConsumerSetup setup;
  StreamReport sink;
  std::mutex report_mutex, counts_mutex;
  MatchSet set;
  Fd state_lock;
  std::unique_ptr<MatchJournal> journal;
  std::unique_ptr<StreamReader> reader;
  std::atomic<bool> stop{false};   // wished from outside
  std::atomic<bool> quit{false};   // threads end now
  std::atomic<bool> drain{false};  // nothing more will be put into the journal
  std::atomic<bool> is_reading{false};
  std::atomic<std::uint64_t> refused{0}, outages{0};
  DeliveryCounts delivered;
  Status delivery_trouble;
};

StreamConsumer::StreamConsumer(Env& env, ConsumerSetup setup, StreamReport report)
    : impl_(std::make_unique<Impl>(env, std::move(setup), std::move(report))) {}
StreamConsumer::~StreamConsumer() = default;

Status StreamConsumer::run(int stop_fd) { return impl_->run(stop_fd); }

ConsumerCounts StreamConsumer::counts() const {
  ConsumerCounts out;
  if (impl_->reader) {
    out.matches = impl_->reader->matches();
    out.reading = impl_->reader->counts();
  }
  {
    const std::lock_guard lock(impl_->counts_mutex);
    out.delivery = impl_->delivered;
  }
  out.delivery.refused = impl_->refused;
  out.outages = impl_->outages;
  out.values = impl_->set.size();
  out.waiting_bytes = impl_->journal ? impl_->journal->waiting_bytes() : 0;
  return out;
}

std::uint64_t StreamConsumer::beats() const { return impl_->reader ? impl_->reader->beats() : 0; }
bool StreamConsumer::reading() const { return impl_->is_reading; }

}  // namespace socbridge::enrich
