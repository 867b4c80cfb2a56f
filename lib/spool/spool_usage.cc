// SPDX-License-Identifier: Apache-2.0
// How full the spool is, without counting for each alert.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "spool/names.h"
#include "spool/spool.h"

namespace socbridge::spool {
namespace {

constexpr std::string_view kMagic = "socbridge-usage";
constexpr std::string_view kFormat = "1";
constexpr std::size_t kMaxFile = 256;
constexpr mode_t kMode = 0600;
constexpr std::uint64_t kBlock = 4096;
constexpr std::uint64_t kShareOfBound = 100;
constexpr UnixMillis kRefuseMs = 5000;

struct StoredUsage {
  Totals totals;
  UnixMillis at_ms = 0;
};

std::optional<StoredUsage> read_stored(Env& env, const std::string& path) {
  const auto text = env.read_file(path, kMaxFile);
  if (!text.ok() || !text->ends_with('\n')) return {};
  const auto words = split(trim(*text), ' ');
  if (words.size() != 5 || words[0] != kMagic || words[1] != kFormat) return {};
  const auto entries = parse_u64(words[2]);
  const auto bytes = parse_u64(words[3]);
  const auto at = parse_u64(words[4]);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50U;  // sums with it do not overflow
  if (!entries || !bytes || !at || std::max({*entries, *bytes, *at}) > kMost) return {};
  return StoredUsage{{*entries, *bytes}, static_cast<UnixMillis>(*at)};
}

Status full(const std::string& dir, const std::string& why, std::string hint) {
  return Status::error(ExitCode::failure, "spool " + printable(dir, 300) + " is full: " + why,
                       std::move(hint));
}

std::string mib(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + " MiB"; }

Status over(const std::string& dir, const Totals& totals, const Totals& more,
            const Bounds& bounds) {
  if (bounds.max_entries > 0 && totals.entries + more.entries > bounds.max_entries) {
    return full(
        dir,
        std::to_string(totals.entries) + " entries, at most " + std::to_string(bounds.max_entries),
        "deliver or drop some (socctl queue), or raise spool_max_entries");
  }
  if (bounds.max_bytes > 0 && totals.bytes + more.bytes > bounds.max_bytes) {
    return full(dir, mib(totals.bytes) + ", at most " + mib(bounds.max_bytes),
                "deliver or drop some (socctl queue), or raise spool_max_mb");
  }
  return {};
}

}  // namespace

Result<Totals> Spool::count(UnixMillis now_ms) {
  // Starts a new file before counting: entries admitted meanwhile are counted at least once, unless
  // they fall between the two steps.
  const std::string admitted = state_dir() + "/admitted";
  const std::string fresh = dir_ + "/tmp/admitted." + std::to_string(now_ms);
  if (env_->create_new(fresh, kMode).ok() && !env_->rename(fresh, admitted).ok()) {
    static_cast<void>(env_->unlink(fresh));
  }
  Totals totals;
  for (const State state : {State::queue, State::hold, State::dead, State::corrupt}) {
    const Status visited = for_each(state, [&](std::string_view id) {
      ++totals.entries;
      const auto file = env_->stat(path(state, id, kEntrySuffix));
      if (file.ok()) totals.bytes += file->size;
      return true;
    });
    if (!visited.ok()) return visited;
  }
  const std::string temporary = dir_ + "/tmp/usage." + std::to_string(now_ms);
  auto fd = env_->create_new(temporary, kMode);
  if (fd.ok()) {
    std::string line = std::string(kMagic) + " " + std::string(kFormat);
    for (const std::uint64_t number :
         {totals.entries, totals.bytes,
          static_cast<std::uint64_t>(std::max<UnixMillis>(now_ms, 0))}) {
      line += ' ';
      line += std::to_string(number);
    }
    // A cache: if it cannot be written, the next process counts again.
    const bool written = env_->write_all(fd->get(), line + '\n').ok() &&
                         env_->rename(temporary, state_dir() + "/usage").ok();
    if (!written) static_cast<void>(env_->unlink(temporary));
  }
  return totals;
}

Status Spool::admit(std::uint64_t bytes, const Bounds& bounds, UnixMillis now_ms,
                    std::uint64_t entries) {
  const Totals more{entries, bytes * entries};
  if (bounds.min_free_bytes > 0) {
    const auto free = env_->free_bytes(dir_);
    if (free.ok() && *free < bounds.min_free_bytes + more.bytes) {
      constexpr std::uint64_t kTwentieth = 20;
      const auto size = env_->total_bytes(dir_);
      const std::uint64_t floor =
          size.ok() ? std::min(bounds.min_free_bytes, *size / kTwentieth) : bounds.min_free_bytes;
      if (*free < floor + more.bytes) {
        return full(dir_, mib(*free) + " free on its file system, " + mib(floor) + " are kept free",
                    "make room, or lower spool_min_free_mb");
      }
    }
  }
  if (bounds.max_entries == 0 && bounds.max_bytes == 0) return {};
  const std::uint64_t blocks = entries * (bytes / kBlock + 1);
  std::uint64_t since = blocks;  // admitted since the count, including this one
  auto fd = env_->open_append(state_dir() + "/admitted", kMode);
  if (fd.ok()) {
    const auto info = env_->fstat(fd->get());
    if (info.ok()) since += info->size;
  }
  auto known = read_stored(*env_, state_dir() + "/usage");
  Totals guess;
  if (known)
    guess = {known->totals.entries + since - entries,
             known->totals.bytes + (since - entries) * kBlock};
  Status verdict = known ? over(dir_, guess, more, bounds) : Status();
  if (!known || !verdict.ok()) {
    const bool was_full = known && !over(dir_, known->totals, more, bounds).ok();
    const UnixMillis age = known ? now_ms - known->at_ms : 0;
    const std::uint64_t step = std::max<std::uint64_t>(
        1, std::min(bounds.max_entries > 0 ? bounds.max_entries : UINT64_MAX,
                    bounds.max_bytes > 0 ? bounds.max_bytes / kBlock : UINT64_MAX) /
               kShareOfBound);
    if (was_full && age >= 0 && age < kRefuseMs) return over(dir_, known->totals, more, bounds);
    if (!known || was_full || since >= step) {
      const auto counted = count(now_ms);
      if (!counted.ok()) return {};  // accept() will report the defect
      verdict = over(dir_, *counted, more, bounds);
      if (!verdict.ok()) return verdict;
      fd = env_->open_append(state_dir() + "/admitted", kMode);
    }
  }
  if (fd.ok()) {
    static_cast<void>(
        env_->write_once(fd->get(), std::string(static_cast<std::size_t>(blocks), '.')));
  }
  return {};
}

}  // namespace socbridge::spool
