// SPDX-License-Identifier: Apache-2.0
#include "stream/consumer_state.h"

#include <algorithm>
#include <random>

#include "base/time.h"

namespace socbridge::stream {
namespace {

constexpr std::int64_t kAuthPauseMs = 60000;

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

}  // namespace

bool is_refusal(const Status& status) {
  switch (status.code()) {
    case ExitCode::ok:
    case ExitCode::unreachable:
    case ExitCode::auth:
    case ExitCode::failure:
    case ExitCode::interrupted: return false;
    default: return true;
  }
}

Status with_choice(const Status& status) {
  if (status.code() != ExitCode::auth) return status;
  return Status::error(
      status.code(), status.message(),
      "give the token's user KNOWLEDGE, or choose --techniques none --lookup none");
}

ConsumerState::ConsumerState(Env& given_env, ConsumerSetup given, EventSink sink)
    : env(given_env), setup(std::move(given)), set(random_seed()), sink_(std::move(sink)) {}

void ConsumerState::report(const Event& event) {
  const std::lock_guard guard(mutex_);
  sink_(event);
}

bool ConsumerState::pause(std::int64_t ms) const {
  return !changed.wait(ms, [this] { return stopping(); });
}

bool ConsumerState::wait_after(event::Outage::Of what, const Status& why, Backoff& backoff) {
  if (why.code() == ExitCode::interrupted || stopping()) return false;
  ++outages;
  // A wrong key is not retried quickly: servers ban for it.
  const bool auth = why.code() == ExitCode::auth;
  const std::int64_t pause_ms = backoff.failed(auth ? kAuthPauseMs : 0);
  report(event::Outage{what, why.message(), pause_ms});
  if (setup.reader.once && (auth || backoff.failing_ms() + pause_ms > setup.reader.wait_limit_ms)) {
    const std::lock_guard guard(mutex_);
    if (error_.ok()) error_ = why;
    return false;
  }
  return pause(pause_ms);
}

Status ConsumerState::error() const {
  const std::lock_guard guard(mutex_);
  return error_;
}

Status ConsumerState::open_state() {
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
  lock_ = std::move(*file);
  cursor_file = path("cursor.json");
  if (!setup.thehive) return {};
  const bool looks_up = setup.opencti && setup.lookup != LookupScope::none;
  const bool adding = setup.opencti && setup.techniques != TechniqueScope::none;
  const struct {
    const char* name;
    std::unique_ptr<MatchJournal>& journal;
    bool wanted;
  } journals[] = {{"matches", matches, true},
                  {"lookups", lookups, looks_up},
                  {"techniques", techniques, adding && !setup.delivery.dry_run}};
  for (const auto& one : journals) {
    if (!one.wanted) continue;
    auto opened = MatchJournal::open(env, path(one.name));
    if (!opened.ok()) return opened.status();
    one.journal = std::make_unique<MatchJournal>(std::move(*opened));
    one.journal->set_on_append([this] { changed.notify(); });
  }
  return {};
}

}  // namespace socbridge::stream
