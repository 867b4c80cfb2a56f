// SPDX-License-Identifier: Apache-2.0
#include "cortex/quota_ledger.h"

#include <algorithm>
#include <map>

#include "base/clock.h"
#include "base/durable_file.h"
#include "base/text.h"
#include "hash/digest.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxFile = std::size_t{8} << 20, kCompactAt = std::size_t{64} << 10;
constexpr std::int64_t kLockTimeoutMs = 20000;
constexpr mode_t kFileMode = 0600, kFolderMode = 0700;

bool parse_line(std::string_view line, UnixMillis& at, std::int64_t& count) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return false;
  std::string_view number = line.substr(blank + 1);
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  const auto when = parse_u64(line.substr(0, blank));
  const auto much = parse_u64(number);
  if (!when || !much) return false;
  at = static_cast<UnixMillis>(*when);
  count = static_cast<std::int64_t>(*much) * (negative ? -1 : 1);
  return true;
}

std::string line(UnixMillis at, std::int64_t count) {
  return std::to_string(at) + " " + std::to_string(count) + "\n";
}

}  // namespace

std::string Ledger::key(std::string_view url, const Analyzer& analyzer) {
  constexpr std::size_t kDigits = 12, kLongest = 100;
  std::string name;
  for (const char c : analyzer.base().substr(0, kLongest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    name += plain ? c : '_';
  }
  while (url.ends_with('/')) url.remove_suffix(1);
  return name + "-" + sha256_hex(url).substr(0, kDigits);
}

Result<Fd> Ledger::lock(const std::string& key) {
  const Status made = env_.make_dirs(folder_, kFolderMode);
  if (!made.ok()) return made;
  auto file = env_.open_rw(path(key, ".lock"), kFileMode);
  if (!file.ok()) return file.status();
  const auto locked = env_.lock(file->get(), Deadline::after_ms(kLockTimeoutMs));
  if (!locked.ok()) return locked.status();
  if (*locked) return std::move(*file);
  return Status::error(ExitCode::failure,
                       path(key, ".lock") + " has been locked by another process for too long");
}

Result<std::vector<Ledger::Entry>> Ledger::read(const std::string& file, bool& torn) {
  torn = false;
  std::vector<Entry> out;
  if (!env_.stat(file).ok()) return out;
  auto text = env_.read_file(file, kMaxFile);
  if (!text.ok()) return text.status();
  torn = (!text->empty() && !text->ends_with('\n')) || text->size() > kCompactAt;
  std::map<UnixMillis, std::int64_t> sums;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    // A torn line was never granted: its sync did not return.
    if (end == std::string_view::npos) break;
    UnixMillis at = 0;
    std::int64_t count = 0;
    if (parse_line(rest.substr(0, end), at, count)) {
      sums[at] += count;
    } else {
      torn = true;
    }
    rest.remove_prefix(end + 1);
  }
  for (const auto& [at, count] : sums) {
    if (count > 0) out.push_back({at, count});
  }
  return out;
}

Status Ledger::append(const std::string& file, const std::string& text) {
  const bool fresh = !env_.stat(file).ok();
  const auto fd = env_.open_append(file, kFileMode);
  if (!fd.ok()) return fd.status();
  if (const Status wrote = env_.write_once(fd->get(), text); !wrote.ok()) return wrote;
  if (const Status synced = env_.fsync(fd->get()); !synced.ok()) return synced;
  return fresh ? env_.fsync_dir(folder_) : Status();
}

Status Ledger::rewrite(const std::string& key, const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries) text += line(entry.at, entry.count);
  return replace_durably(env_, path(key, ".quota"), text);
}

Result<Ledger::Grant> Ledger::reserve(const std::string& key, const Limit& limit,
                                      std::int64_t wanted, std::int64_t used_elsewhere,
                                      UnixMillis now) {
  if (!limit.exists() || wanted <= 0) return Grant{wanted, now};
  const auto held = lock(key);
  if (!held.ok()) return held.status();
  bool torn = false;
  auto entries = read(path(key, ".quota"), torn);
  if (!entries.ok()) return entries.status();
  // Setting the clock back does not make room: entries in the future count too.
  std::erase_if(*entries, [&](const Entry& e) { return e.at <= now - limit.window_ms; });
  if (torn) {
    if (const Status repaired = rewrite(key, *entries); !repaired.ok()) return repaired;
  }
  std::int64_t used = 0;
  for (const Entry& e : *entries) used += e.count;
  const std::int64_t left = limit.count - used - std::max<std::int64_t>(0, used_elsewhere);
  const Grant grant{std::clamp<std::int64_t>(left, 0, wanted), now};
  if (grant.count == 0) return grant;
  if (const Status kept = append(path(key, ".quota"), line(now, grant.count)); !kept.ok())
    return kept;
  return grant;
}

Status Ledger::give_back(const std::string& key, UnixMillis reserved_at, std::int64_t count) {
  if (count <= 0) return {};
  const auto held = lock(key);
  if (!held.ok()) return held.status();
  return append(path(key, ".quota"), line(reserved_at, -count));
}

Status Ledger::note_deleted(const std::string& key, UnixMillis created) {
  const auto held = lock(key);
  if (!held.ok()) return held.status();
  return append(path(key, ".deleted"), line(created, 1));
}

Result<std::int64_t> Ledger::deleted(const std::string& key, const Limit& limit, UnixMillis now) {
  bool torn = false;
  const auto entries = read(path(key, ".deleted"), torn);
  if (!entries.ok()) return entries.status();
  std::int64_t count = 0;
  for (const Entry& e : *entries) {
    if (e.at > now - limit.window_ms) count += e.count;
  }
  return count;
}

Result<Ledger::Usage> Ledger::usage(const std::string& key, const Limit& limit, UnixMillis now) {
  Usage out;
  out.left = limit.count;
  if (!limit.exists()) return out;
  bool torn = false;
  const auto entries = read(path(key, ".quota"), torn);
  if (!entries.ok()) return entries.status();
  for (const Entry& e : *entries) {
    if (e.at <= now - limit.window_ms) continue;
    out.used += e.count;
    if (out.next_free == 0) out.next_free = e.at + limit.window_ms;
  }
  out.left = std::max<std::int64_t>(0, limit.count - out.used);
  return out;
}

}  // namespace socbridge::cortex
