// SPDX-License-Identifier: Apache-2.0
#include "socctl/relay/indexer_intake.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "profile/indexer.h"
#include "service/event_fd.h"
#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"
#include "socctl/relay/relay_options.h"

namespace socbridge::socctl {
namespace {

constexpr std::size_t kStorers = 8;
constexpr std::uint64_t kMostWaiting = 10000;
constexpr int kMostSlices = 1024;
constexpr std::int64_t kRetryForMs = 10000;  // after this the round ends, and the next one retries
constexpr std::chrono::seconds kFirstAnswer(5);
constexpr int kLookMs = 1000;

bool may_come_back(const Status& status) { return status.code() == ExitCode::unreachable; }

// Unique among all workers: the hostname and data that no other process has.
std::string worker_name() {
  std::array<char, 65> host = {};
  static_cast<void>(::gethostname(host.data(), host.size() - 1));
  return printable(host.data(), 64) + "-" + std::to_string(::getpid()) + "-" +
         std::to_string(wall_now_ms());
}

Status bad_slices(const std::string& option, const std::string& text, const char* form) {
  return Status::error(ExitCode::usage,
                       option + " must be " + form + ", not \"" + printable(text, 40) + "\"");
}

// --slices N|auto, --slice I/N.
Status read_slices(const FollowFlags& flags, follow::LeaseOptions& out) {
  if (!flags.slices.empty() && !flags.slice.empty()) {
    return Status::error(ExitCode::usage, "--slices and --slice cannot be combined");
  }
  if (flags.slices == "auto") {
    out.slices = 0;
  } else if (!flags.slices.empty()) {
    const auto count = parse_u64(flags.slices);
    if (!count || *count < 1 || *count > kMostSlices) {
      return bad_slices("--slices", flags.slices, "auto or a number from 1 to 1024");
    }
    out.slices = static_cast<int>(*count);
  }
  if (flags.slice.empty()) return {};
  const auto slice = parse_slice(flags.slice);
  if (!slice) return bad_slices("--slice", flags.slice, "I/N with I from 0 to N-1, such as 0/4");
  out.only = slice->first;
  out.slices = slice->second;
  return {};
}

}  // namespace

void FollowFlags::add_to(Command& command) {
  command
      .add_option("--from", from,
                  "indexer or indexer=URL: also take alerts from OpenSearch, as they are indexed")
      ->type_name("indexer");
  command
      .add_option("--since", since,
                  "Start of a new checkpoint: alerts from this time on (default: now)")
      ->type_name("TIME");
  indexer.add_to(command);
  command
      .add_option("--checkpoint", checkpoint,
                  "Name of the position in the indexer (default \"default\"), stored in the index "
                  "socbridge-state")
      ->type_name("NAME");
  command
      .add_option("--slices", slices,
                  "Share the work with other workers of the checkpoint: number of parts, or auto "
                  "(the existing number, else 16)")
      ->type_name("NUMBER");
  command.add_option("--slice", slice, "Take only this part: 0/4 to 3/4")->type_name("I/N");
  command
      .add_option(
          "--lease", lease,
          "Time without a sign of life after which a worker's parts are taken over (default 30s)")
      ->type_name("TIME");
  command
      .add_option("--late", late,
                  "Longest time until searches find a new document; more than refresh_interval "
                  "(default 1m)")
      ->type_name("TIME");
  command.add_option("--poll", poll, "Pause between two rounds over the indexer (default 5s)")
      ->type_name("TIME");
  add_profile_option(command, profile);
}

Result<follow::FollowOptions> FollowFlags::read(Env& env) const {
  if (!is_indexer(from)) {
    return Status::error(ExitCode::usage, "--from is indexer or indexer=URL");
  }
  const auto window = read_window(since, {});
  if (!window.ok()) return window.status();
  auto source = indexer_options(env, from, indexer, profile, *window);
  if (!source.ok()) return source.status();
  follow::FollowOptions out;
  out.http = std::move(source->http);
  out.connection = std::move(source->connection);
  for (const reconcile::IndexPart& part : source->parts) {
    out.parts.push_back({part.pattern, part.form});
  }
  out.query = std::move(source->query);
  out.state_index = source->state_index;
  out.connection.retry_for_ms = kRetryForMs;
  if (checkpoint.empty() || checkpoint.size() > 100 ||
      checkpoint.find_first_of("/\\ \t\n\"") != std::string::npos) {
    return Status::error(ExitCode::usage,
                         "--checkpoint must be a name of up to 100 characters "
                         "without blanks and slashes");
  }
  out.leases.name = checkpoint;
  out.leases.worker = worker_name();
  out.leases.since_ms = window->since.value_or(wall_now_ms());
  if (Status bad = read_slices(*this, out.leases); !bad.ok()) return bad;
  for (const auto& [option, text, ms] :
       {std::tuple("--lease", &lease, &out.leases.lease_ms),
        std::tuple("--late", &late, &out.late_ms), std::tuple("--poll", &poll, &out.poll_ms)}) {
    const auto read = short_time(option, *text);
    if (!read.ok()) return read.status();
    *ms = *read;
  }
  return out;
}

IndexerIntake::IndexerIntake(follow::FollowOptions options, receive::Receiver& receiver,
                             const relay::Relay* relay, relay::EventLog& log)
    : receiver_(receiver), relay_(relay), log_(log) {
  options.connection.stop = [this] { return stopping_.load(); };
  follower_ = std::make_unique<follow::Follower>(
      std::move(options),
      [this](const std::vector<std::string_view>& documents) { return store(documents); },
      [this] { return relay_ != nullptr && relay_->waiting() > kMostWaiting; }, log_);
}

Status IndexerIntake::run_in_thread(std::function<void()> work) {
  if (Status bad = storers_.start(kStorers); !bad.ok()) return bad;
  try {
    thread_ = std::thread(std::move(work));
  } catch (const std::system_error& error) {
    return Status::error(ExitCode::failure, std::string("cannot start a thread: ") + error.what());
  }
  return {};
}

Status IndexerIntake::start() {
  auto joined = std::make_shared<std::promise<Status>>();
  std::future<Status> answer = joined->get_future();
  const Status started = run_in_thread([this, joined] {
    joined->set_value(follower_->open());
    follower_->run();
  });
  if (!started.ok()) return started;
  // Alerts in the spool are delivered meanwhile.
  if (answer.wait_for(kFirstAnswer) != std::future_status::ready) {
    warn("OpenSearch has not answered yet; alerts in the spool are delivered meanwhile");
    return {};
  }
  Status first = answer.get();
  if (first.ok()) return {};
  if (!may_come_back(first)) return first;
  warn(first.line());
  return {};
}

Status IndexerIntake::read_once(SignalQueue& signals) {
  std::promise<Status> ended;
  std::future<Status> answer = ended.get_future();
  EventFd done;
  const Status started = run_in_thread([&] {
    ended.set_value(follower_->round());
    done.signal();
  });
  if (!started.ok()) return started;
  while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    std::array<pollfd, 2> fds = {{{signals.fd(), POLLIN, 0}, {done.fd(), POLLIN, 0}}};
    static_cast<void>(::poll(fds.data(), fds.size(), kLookMs));
    while (const auto signal = signals.next()) {
      if (*signal == SIGHUP) continue;
      // All necessary state is already on disk.
      if (stopping_.exchange(true)) ::_exit(static_cast<int>(ExitCode::interrupted));
    }
  }
  thread_.join();
  Status whole = answer.get();
  return stopping_ ? Status::error(ExitCode::interrupted, "interrupted") : whole;
}

void IndexerIntake::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  follower_->close();
  storers_.stop();
}

// Storing waits for the disk: concurrent calls share one commit of the file system.
Status IndexerIntake::store(const std::vector<std::string_view>& documents) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t left = documents.size();
  Status worst;
  for (const std::string_view document : documents) {
    storers_.give([&, document] {
      const auto end = receiver_.take_alert(std::string(document));
      if (!end.ok() && end.status().code() == ExitCode::bad_input) {
        log_.note(relay::Level::warning, "no_alert",
                  "a document is not an alert and is skipped: " + end.status().line(),
                  steady_now_ms());
      }
      const std::lock_guard lock(mutex);
      if (!end.ok() && end.status().code() != ExitCode::bad_input) worst = end.status();
      if (--left == 0) changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&left] { return left == 0; });
  return worst;
}

}  // namespace socbridge::socctl
