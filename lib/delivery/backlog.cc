// SPDX-License-Identifier: Apache-2.0
#include "delivery/backlog.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <queue>
#include <random>
#include <utility>

#include "base/text.h"
#include "delivery/retry.h"
#include "spool/in_flight.h"

namespace socbridge::delivery {
namespace {

constexpr std::string_view kMagic = "socbridge-due";
constexpr std::string_view kFormat = "1";
constexpr std::size_t kHalf = 128;
constexpr std::size_t kMaxFile = 16384;
constexpr std::int64_t kRefreshMs = 5000;
constexpr int kMostMisses = 16;
constexpr mode_t kMode = 0600;

// The oldest ids and a random sample of the others, from a folder of any size.
class Sample {
 public:
  void add(std::string_view id) {
    if (oldest_.size() < kHalf) {
      oldest_.emplace(id);
      return;
    }
    std::string other(id);
    if (other < oldest_.top()) {
      std::string pushed_out = oldest_.top();
      oldest_.pop();
      oldest_.push(std::move(other));
      other = std::move(pushed_out);
    }
    ++others_;
    if (random_.size() < kHalf) {
      random_.push_back(std::move(other));
    } else if (const std::size_t at =
                   std::uniform_int_distribution<std::size_t>(0, others_ - 1)(engine_);
               at < kHalf) {
      random_[at] = std::move(other);
    }
  }
  std::vector<std::string> take() {
    std::vector<std::string> ids = std::move(random_);
    for (; !oldest_.empty(); oldest_.pop()) ids.push_back(oldest_.top());
    return ids;
  }

 private:
  std::priority_queue<std::string> oldest_;
  std::vector<std::string> random_;
  std::size_t others_ = 0;
  std::minstd_rand engine_{static_cast<std::uint32_t>(::getpid())};
};

}  // namespace

Backlog::Backlog(Env& env, spool::Spool& spool, const integration::RetryPolicy& policy)
    : env_(env), spool_(spool), policy_(policy), path_(spool.state_dir() + "/due") {}

std::optional<Backlog::List> Backlog::read() const {
  const auto text = env_.read_file(path_, kMaxFile);
  if (!text.ok() || !text->ends_with('\n')) return {};
  auto lines = split(trim(*text), '\n');
  const auto words = split(lines.front(), ' ');
  if (words.size() != 3 || words[0] != kMagic || words[1] != kFormat) return {};
  const auto made = parse_u64(words[2]);
  if (!made) return {};
  List list;
  list.made_ms = static_cast<UnixMillis>(*made);
  for (std::size_t i = 1; i < lines.size(); ++i) list.ids.emplace_back(lines[i]);
  return list;
}

bool Backlog::is_old(const std::optional<List>& list, UnixMillis now_ms) const {
  const std::int64_t refresh = std::min(kRefreshMs, policy_.min_ms);
  return !list || list->made_ms > now_ms || now_ms - list->made_ms >= refresh;
}

void Backlog::scan(UnixMillis now_ms) {
  auto turn = spool::NamedLock::take(env_, spool_.dir(), "scan");
  if (!turn.ok() || !turn->has_value()) return;
  Sample sample;
  const Status visited = spool_.for_each(spool::State::queue, [&](std::string_view id) {
    sample.add(id);
    return true;
  });
  if (!visited.ok()) return;
  std::string text = std::string(kMagic) + " " + std::string(kFormat) + " " +
                     std::to_string(std::max<UnixMillis>(now_ms, 0)) + "\n";
  for (const std::string& id : sample.take()) {
    const auto info = spool_.info(spool::State::queue, id);
    if (!info || !is_due(info->next_attempt_ms, policy_, now_ms)) continue;
    ids_.push_back(id);
    text += id + "\n";
  }
  const std::string fresh = spool_.dir() + "/tmp/due." + std::to_string(::getpid());
  auto fd = env_.create_new(fresh, kMode);
  if (!fd.ok()) {
    // Left by a killed process with the same pid.
    if (fd.status().sys_errno() == EEXIST) static_cast<void>(env_.unlink(fresh));
    return;
  }
  if (!env_.write_all(fd->get(), text).ok() || !env_.rename(fresh, path_).ok()) {
    static_cast<void>(env_.unlink(fresh));
  }
}

std::optional<spool::Claim> Backlog::next(UnixMillis now_ms) {
  if (!loaded_) {
    loaded_ = true;
    auto list = read();
    if (is_old(list, now_ms)) {
      scan(now_ms);
    } else {
      ids_ = std::move(list->ids);
    }
    // A random position, because other processes use the list too.
    if (!ids_.empty()) {
      const auto at = static_cast<std::size_t>(random_chance() * static_cast<double>(ids_.size()));
      std::rotate(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(at % ids_.size()),
                  ids_.end());
    }
  }
  for (int misses = 0; misses < kMostMisses && !ids_.empty(); ++misses) {
    const std::string id = std::move(ids_.back());
    ids_.pop_back();
    auto claim = spool_.claim(spool::State::queue, id);
    if (!claim.ok() || !claim->has_value()) continue;  // delivered, or claimed
    if (is_due((*claim)->next_attempt_ms(), policy_, now_ms)) return std::move(**claim);
  }
  return {};
}

}  // namespace socbridge::delivery
