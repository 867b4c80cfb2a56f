// SPDX-License-Identifier: Apache-2.0
#include "delivery/destination_state.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "delivery/retry.h"
#include "hash/digest.h"

namespace socbridge::delivery {
namespace {

constexpr std::string_view kMagic = "socbridge-destination";
constexpr std::string_view kFormat = "1";
constexpr std::size_t kMaxFile = 2048;
constexpr std::size_t kMaxMessage = 300;
constexpr mode_t kMode = 0600;
// Servers ban after five refused keys, and each refusal is asked about once.
constexpr int kUnprovenTurns = 2;
constexpr int kLongestOpen = 10;  // times open_ms
constexpr std::int64_t kSlackMs = 60000;
constexpr const char* kNobody = "unknown";  // in place of a key's tag

std::string fresh_salt() {
  constexpr std::size_t kDigits = 16;
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof random)) {
    random = static_cast<std::uint64_t>(steady_now_ms());
  }
  return sha256_hex(std::to_string(random)).substr(0, kDigits);
}

std::string tag_of(const std::string& salt, const Secret& key) {
  constexpr std::size_t kDigits = 8;
  Secret text(salt + ":" + std::string(key.reveal()));
  return sha256_hex(text.reveal()).substr(0, kDigits);
}

std::string seconds(std::int64_t ms) {
  constexpr std::int64_t kSecond = 1000;
  return ms < kSecond ? std::to_string(ms) + " ms" : std::to_string(ms / kSecond) + " s";
}

bool is_failure(const Attempt& attempt) {
  const thehive::Delivery& delivery = attempt.delivery;
  if (!attempt.tried || attempt.alone) return false;
  return delivery.verdict == thehive::Verdict::retry || delivery.wrong_place;
}

}  // namespace

struct Destination::Memory {
  std::string state;
  int failures = 0;
  UnixMillis since_ms = 0, until_ms = 0;
  std::int64_t open_ms = 0;
  std::string salt, tag;
  std::string message;
};

Destination::Destination(Env& env, std::string spool_dir, const integration::Settings& settings,
                         std::int64_t trust_ms)
    : env_(&env),
      spool_dir_(std::move(spool_dir)),
      url_(settings.endpoint.url),
      name_(settings.endpoint.url + "\n" + settings.endpoint.organisation),
      endpoint_(settings.endpoint),
      retry_(settings.retry),
      breaker_(settings.breaker),
      trust_ms_(trust_ms) {
  constexpr std::size_t kDigits = 12;
  const std::string tag = sha256_hex(name_).substr(0, kDigits);
  path_ = spool_dir_ + "/state/destination-" + tag;
  delivered_path_ = spool_dir_ + "/state/delivered-" + tag;
}

std::optional<Destination::Memory> Destination::recall() const {
  constexpr std::size_t kWords = 9;
  const auto text = env_->read_file(path_, kMaxFile);
  if (!text.ok() || !text->ends_with('\n')) return {};
  const std::size_t line = text->find('\n');
  const auto words = split(std::string_view(*text).substr(0, line), ' ');
  if (words.size() != kWords || words[0] != kMagic || words[1] != kFormat) return {};
  const auto failures = parse_u64(words[3]);
  const auto since = parse_u64(words[4]);
  const auto until = parse_u64(words[5]);
  const auto open = parse_u64(words[6]);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50U;
  if (!failures || !since || !until || !open) return {};
  if (*failures > kMaxFile || *since > kMost || *until > kMost || *open > kMost) return {};
  Memory memory;
  memory.state = std::string(words[2]);
  memory.failures = static_cast<int>(*failures);
  memory.since_ms = static_cast<UnixMillis>(*since);
  memory.until_ms = static_cast<UnixMillis>(*until);
  memory.open_ms = static_cast<std::int64_t>(*open);
  memory.salt = std::string(words[7]);
  memory.tag = std::string(words[8]);
  memory.message = printable(trim(std::string_view(*text).substr(line)), kMaxMessage);
  return memory;
}

bool Destination::is_this_key(const Memory& memory) const {
  return tag_of(memory.salt, endpoint_.key) == memory.tag;
}

bool Destination::is_proven(const std::optional<Memory>& memory) {
  const bool proven = memory && memory->state == "proven" && is_this_key(*memory);
  proven_until_ms_ = proven && trust_ms_ > 0 ? steady_now_ms() + trust_ms_ : 0;
  return proven;
}

bool Destination::was_proven_lately() const {
  return proven_until_ms_ > 0 && steady_now_ms() < proven_until_ms_;
}

void Destination::store(const Memory& memory) {
  proven_until_ms_ = 0;
  const auto number = [](std::int64_t n) {
    return " " + std::to_string(std::max<std::int64_t>(n, 0));
  };
  std::string text(kMagic);
  text.append(" ").append(kFormat).append(" ").append(memory.state);
  text += number(memory.failures) + number(memory.since_ms) + number(memory.until_ms) +
          number(memory.open_ms) + " " + memory.salt + " " + memory.tag + "\n";
  text += printable(redact(memory.message, endpoint_.key), kMaxMessage) + "\n";
  const std::string fresh = spool_dir_ + "/tmp/destination." + std::to_string(::getpid()) + "." +
                            std::to_string(steady_now_ms());
  auto fd = env_->create_new(fresh, kMode);
  if (!fd.ok()) return;
  if (!env_->write_all(fd->get(), text).ok() || !env_->rename(fresh, path_).ok()) {
    static_cast<void>(env_->unlink(fresh));
  }
}

// A time further ahead than any pause was set by a clock that was wrong.
bool Destination::still_ahead(UnixMillis until_ms, UnixMillis now_ms) const {
  const std::int64_t longest =
      std::max({retry_.max_ms, breaker_.auth_probe_ms * 2, breaker_.open_ms * kLongestOpen * 2}) +
      kSlackMs;
  return until_ms > now_ms && until_ms - now_ms <= longest;
}

Destination::Pass Destination::take_turn(const char* kind, int turns, Gate otherwise) {
  Pass pass;
  for (int i = 0; i < turns; ++i) {
    auto turn = spool::NamedLock::take(*env_, spool_dir_,
                                       std::string(kind) + std::to_string(i) + "\n" + name_);
    if (!turn.ok()) {
      pass.gate = Gate::closed;
      pass.no_lock = true;
      pass.why = "cannot make sure that nobody else asks: " + turn.status().message();
      return pass;
    }
    if (turn->has_value()) {
      pass.turn = std::move(**turn);
      return pass;
    }
  }
  pass.gate = otherwise;
  pass.others = true;
  return pass;
}

Destination::Pass Destination::enter(UnixMillis now_ms) {
  if (was_proven_lately()) return {};
  for (bool mine = false;; mine = true) {
    const auto memory = recall();
    if (is_proven(memory)) return {};
    const bool this_key = memory && is_this_key(*memory);
    const bool blocked =
        memory && (memory->state == "open" || (memory->state == "auth" && this_key));
    if (!blocked) {
      if (this_key) return {};
      // A changed key after a refusal gets one turn, a new destination some.
      return take_turn("unproven", memory && memory->state == "auth" ? 1 : kUnprovenTurns,
                       Gate::wait);
    }
    Pass pass;
    pass.gate = Gate::closed;
    pass.until_ms = memory->until_ms;
    pass.why = memory->message;
    if (still_ahead(memory->until_ms, now_ms)) return pass;
    pass.until_ms = now_ms + breaker_.open_ms;  // whoever has the turn will know by then
    Pass turn = take_turn("probe", 1, Gate::closed);
    if (turn.no_lock) return turn;
    pass.others = turn.others;
    if (turn.gate != Gate::open) return pass;
    // What was read may be older than the turn: the one before may just have failed.
    const auto again = recall();
    if (!again || again->state != memory->state || again->until_ms != memory->until_ms) {
      if (!mine) continue;
      return pass;
    }
    turn.probe = true;
    turn.ask_key = memory->state == "auth";
    return turn;
  }
}

// For people who ask when it last worked, so once a minute is enough.
void Destination::note_delivery(UnixMillis now_ms) {
  constexpr std::int64_t kMinuteMs = 60000;
  const std::int64_t steady = steady_now_ms();
  if (steady < noted_until_ms_) return;
  noted_until_ms_ = steady + kMinuteMs;
  const auto before = env_->stat(delivered_path_);
  const std::int64_t age = before.ok() ? now_ms - before->mtime_ms : kMinuteMs;
  if (age >= 0 && age < kMinuteMs) return;
  const auto fd = env_->open_rw(delivered_path_, kMode);
  if (!fd.ok()) return;
  static_cast<void>(env_->set_mtime_ms(fd->get(), now_ms));
}

http::Request Destination::key_request(std::int64_t timeout_ms) const {
  return thehive::key_request(endpoint_, timeout_ms);
}

bool Destination::key_answered(const http::Outcome& outcome, UnixMillis now_ms) {
  const Status known = thehive::read_key(outcome, endpoint_.organisation);
  if (known.ok()) return true;
  auto memory = recall();
  if (!memory) return false;
  memory->until_ms = now_ms + breaker_.auth_probe_ms;
  if (known.code() == ExitCode::auth) memory->message = known.message();
  store(*memory);
  return false;
}

std::optional<Destination::Notice> Destination::report(const Attempt& attempt, UnixMillis now_ms) {
  if (attempt.filtered || attempt.bad_input || !attempt.tried) return {};
  if (attempt.delivery.verdict == thehive::Verdict::created ||
      attempt.delivery.verdict == thehive::Verdict::duplicate) {
    note_delivery(now_ms);
  }
  if (attempt.delivery.verdict == thehive::Verdict::auth) {
    return refuse_key(attempt.delivery.message, now_ms);
  }
  return is_failure(attempt) ? fail(attempt, now_ms) : prove(now_ms);
}

std::optional<Destination::Notice> Destination::key_is_well(UnixMillis now_ms) {
  const auto memory = recall();
  if (!memory || memory->state != "auth" || !is_this_key(*memory)) return {};
  return prove(now_ms);
}

std::optional<Destination::Notice> Destination::prove(UnixMillis now_ms) {
  if (was_proven_lately()) return {};
  auto memory = recall();
  if (is_proven(memory)) return {};
  const bool known = memory && is_this_key(*memory);
  const std::string before = memory ? memory->state : "";
  Memory proven;
  proven.state = "proven";
  proven.since_ms = now_ms;
  proven.salt = known ? memory->salt : fresh_salt();
  proven.tag = known ? memory->tag : tag_of(proven.salt, endpoint_.key);
  store(proven);
  if (before == "open") return Notice{true, "TheHive at " + printable(url_) + " answers again"};
  if (before == "auth") {
    return Notice{true, "TheHive at " + printable(url_) + " takes the key again"};
  }
  return {};
}

std::optional<Destination::Notice> Destination::refuse_key(const std::string& message,
                                                           UnixMillis now_ms) {
  auto memory = recall();
  const bool known = memory && is_this_key(*memory);
  const bool news = !known || memory->state != "auth";
  Memory refused;
  refused.state = "auth";
  refused.failures = known && !news ? memory->failures + 1 : 1;
  refused.since_ms = news ? now_ms : memory->since_ms;
  refused.until_ms = now_ms + breaker_.auth_probe_ms;
  refused.salt = known ? memory->salt : fresh_salt();
  refused.tag = known ? memory->tag : tag_of(refused.salt, endpoint_.key);
  refused.message = message;
  store(refused);
  if (!news) return {};
  return Notice{false,
                "TheHive at " + printable(url_) + " refuses the key: " + message +
                    "; nothing is sent there until it is mended, alerts are kept; the key is "
                    "looked at every " +
                    seconds(breaker_.auth_probe_ms)};
}

std::optional<Destination::Notice> Destination::fail(const Attempt& attempt, UnixMillis now_ms) {
  // One at a time, so that no failure is counted for two or not at all; but nobody waits long.
  constexpr int kTries = 20;
  std::optional<spool::NamedLock> turn;
  for (int i = 0; i < kTries && !turn; ++i) {
    auto mine = spool::NamedLock::take(*env_, spool_dir_, "count\n" + name_);
    if (!mine.ok()) break;
    if (mine->has_value()) {
      turn = std::move(**mine);
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  auto memory = recall();
  Memory next;
  if (memory) next = *memory;
  if (!memory || (memory->tag != kNobody && !is_this_key(*memory))) {
    // The tag says whose key was proven or refused; this one was neither.
    next = {};
    next.salt = fresh_salt();
    next.tag = kNobody;
  }
  const bool was_open = next.state == "open";
  next.failures = std::min(next.failures + 1, 1000);
  if (next.state != "failing" && !was_open) {
    next.failures = 1;
    next.since_ms = now_ms;
  }
  next.message = attempt.delivery.message;
  const std::int64_t asked = std::min(attempt.delivery.retry_after_ms, retry_.max_ms);
  if (next.failures < breaker_.failures && asked <= 0 && !was_open) {
    next.state = "failing";
    next.until_ms = 0;
    store(next);
    return {};
  }
  next.state = "open";
  // Requests that were under way when it opened do not make the pause longer.
  if (was_open && still_ahead(next.until_ms, now_ms) && asked <= 0) return {};
  next.open_ms =
      was_open ? std::min(next.open_ms * 2, breaker_.open_ms * kLongestOpen) : breaker_.open_ms;
  std::int64_t pause = next.open_ms + static_cast<std::int64_t>(static_cast<double>(next.open_ms) *
                                                                (random_chance() - 0.5) / 2);
  if (asked > 0) pause = asked;
  next.until_ms = now_ms + std::max<std::int64_t>(pause, 1);
  store(next);
  if (was_open) return {};
  return Notice{false, "TheHive at " + printable(url_) + " is left alone for " + seconds(pause) +
                           " after " + std::to_string(next.failures) +
                           (next.failures == 1 ? " failure: " : " failures in a row: ") +
                           next.message + "; alerts are kept"};
}

Destination::View Destination::view() const {
  const auto memory = recall();
  const auto delivered = env_->stat(delivered_path_);
  const UnixMillis at = delivered.ok() ? delivered->mtime_ms : 0;
  if (!memory) return {"unknown", 0, 0, 0, "", at};
  return {memory->state, memory->failures, memory->since_ms, memory->until_ms, memory->message, at};
}

}  // namespace socbridge::delivery
