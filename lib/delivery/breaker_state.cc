// SPDX-License-Identifier: Apache-2.0
#include "delivery/breaker_state.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "hash/digest.h"

namespace socbridge::delivery {
namespace {

constexpr std::string_view kMagic = "socbridge-destination";
constexpr std::string_view kFormat = "2";
constexpr std::size_t kMaxFile = 4096;  // every character of a message may be escaped
constexpr std::size_t kMaxMessage = 300;
constexpr mode_t kMode = 0600;
constexpr const char* kNoKey = "unknown";  // instead of a key's tag

std::string random_salt() {
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

}  // namespace

BreakerFile::BreakerFile(Env& env, std::string spool_dir, thehive::Endpoint endpoint)
    : env_(&env),
      spool_dir_(std::move(spool_dir)),
      endpoint_(std::move(endpoint)),
      name_(endpoint_.url + "\n" + endpoint_.organisation) {
  constexpr std::size_t kDigits = 12;
  const std::string tag = sha256_hex(name_).substr(0, kDigits);
  path_ = spool_dir_ + "/state/destination-" + tag;
  delivered_path_ = spool_dir_ + "/state/delivered-" + tag;
}

std::optional<BreakerState> BreakerFile::read() const {
  constexpr std::size_t kWords = 10;
  const auto text = env_->read_file(path_, kMaxFile);
  if (!text.ok() || !text->ends_with('\n')) return {};
  const std::size_t line = text->find('\n');
  const auto words = split(std::string_view(*text).substr(0, line), ' ');
  if (words.size() != kWords || words[0] != kMagic || words[1] != kFormat) return {};
  const auto failures = parse_u64(words[3]);
  const auto since = parse_u64(words[4]);
  const auto until = parse_u64(words[5]);
  const auto open = parse_u64(words[6]);
  const auto alert_failures = parse_u64(words[7]);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50U;
  if (!failures || !since || !until || !open || !alert_failures) return {};
  constexpr std::uint64_t kMostFailures = 2048;
  if (*failures > kMostFailures || *alert_failures > kMostFailures || *since > kMost ||
      *until > kMost || *open > kMost)
    return {};
  BreakerState state;
  state.state = std::string(words[2]);
  state.failures = static_cast<int>(*failures);
  state.since_ms = static_cast<UnixMillis>(*since);
  state.until_ms = static_cast<UnixMillis>(*until);
  state.open_ms = static_cast<std::int64_t>(*open);
  state.alert_failures = static_cast<int>(*alert_failures);
  state.salt = std::string(words[8]);
  state.tag = std::string(words[9]);
  state.message = printable(trim(std::string_view(*text).substr(line)), kMaxMessage);
  return state;
}

void BreakerFile::write(const BreakerState& state) const {
  const auto number = [](std::int64_t n) {
    return " " + std::to_string(std::max<std::int64_t>(n, 0));
  };
  std::string text(kMagic);
  text.append(" ").append(kFormat).append(" ").append(state.state);
  text += number(state.failures) + number(state.since_ms) + number(state.until_ms) +
          number(state.open_ms) + number(state.alert_failures) + " " + state.salt + " " +
          state.tag + "\n";
  text += printable(redact(state.message, endpoint_.key), kMaxMessage) + "\n";
  const std::string fresh = spool_dir_ + "/tmp/destination." + std::to_string(::getpid()) + "." +
                            std::to_string(steady_now_ms());
  auto fd = env_->create_new(fresh, kMode);
  if (!fd.ok()) return;
  if (!env_->write_all(fd->get(), text).ok() || !env_->rename(fresh, path_).ok()) {
    static_cast<void>(env_->unlink(fresh));
  }
}

bool BreakerFile::is_own_key(const BreakerState& state) const {
  return tag_of(state.salt, endpoint_.key) == state.tag;
}

BreakerState BreakerFile::fresh(const std::optional<BreakerState>& before) const {
  BreakerState state;
  const bool own = before && is_own_key(*before);
  state.salt = own ? before->salt : random_salt();
  state.tag = own ? before->tag : tag_of(state.salt, endpoint_.key);
  return state;
}

BreakerState BreakerFile::without_key() {
  BreakerState state;
  state.salt = random_salt();
  state.tag = kNoKey;
  return state;
}

bool BreakerFile::has_key(const BreakerState& state) { return state.tag != kNoKey; }

UnixMillis BreakerFile::delivered_ms() const {
  const auto info = env_->stat(delivered_path_);
  return info.ok() ? info->mtime_ms : 0;
}

void BreakerFile::set_delivered_ms(UnixMillis now_ms) const {
  const auto fd = env_->open_rw(delivered_path_, kMode);
  if (!fd.ok()) return;
  static_cast<void>(env_->set_mtime_ms(fd->get(), now_ms));
}

}  // namespace socbridge::delivery
