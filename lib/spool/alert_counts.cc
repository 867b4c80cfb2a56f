// SPDX-License-Identifier: Apache-2.0
#include "spool/alert_counts.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "spool/count_slot.h"
#include "spool/names.h"
#include "spool/reason.h"

namespace socbridge::spool {
namespace {

constexpr std::string_view kMagic = "socbridge-counts 1\n";
constexpr std::size_t kHeader = 128, kSlots = 64;
constexpr std::size_t kWord = CountSlot::kWord, kSlotBytes = CountSlot::kWords * kWord;
constexpr std::size_t kFileBytes = kHeader + kSlots * kSlotBytes;

std::uint64_t offset_of(std::size_t slot) { return kHeader + slot * kSlotBytes; }

// Waits as long as another process needs for one update.
bool wait_for_range(Env& env, int fd, std::uint64_t offset, std::uint64_t length) {
  constexpr int kTries = 50;
  for (int i = 0; i < kTries; ++i) {
    const auto locked = env.try_lock_range(fd, offset, length);
    if (!locked.ok()) return false;
    if (*locked) return true;
    sleep_ms(1);
  }
  return false;
}

}  // namespace

const char* counted_name(Counted counted) {
  static constexpr std::array<const char*, kCounted> kNames = {
      "created", "duplicate", "filtered", "capped", "postponed", "refused",
      "dead",    "corrupt",   "dropped",  "lost",   "promoted"};
  return kNames.at(static_cast<std::size_t>(counted));
}

AlertCounts::Note::Note(AlertCounts* counts, Fd fd, std::size_t slot, Counted counted,
                        std::uint64_t target)
    : counts_(counts), fd_(std::move(fd)), slot_(slot), counted_(counted), target_(target) {}

AlertCounts::Note::Note(Note&& other) noexcept
    : counts_(std::exchange(other.counts_, nullptr)),
      fd_(std::move(other.fd_)),
      slot_(other.slot_),
      counted_(other.counted_),
      target_(other.target_) {}

AlertCounts::Note::~Note() {
  if (counts_ == nullptr) return;
  counts_->write_word(fd_.get(), slot_, CountSlot::kCheck, 0);
  static_cast<void>(counts_->env_.unlock_range(fd_.get(), offset_of(slot_), kSlotBytes));
  counts_->give_back(std::move(fd_));
}

void AlertCounts::Note::done() {
  if (counts_ == nullptr) return;
  // The note stays: it is void once the count has reached its target.
  counts_->write_word(fd_.get(), slot_, CountSlot::kCounts + static_cast<std::size_t>(counted_),
                      target_);
  AlertCounts* const counts = std::exchange(counts_, nullptr);
  if (counts->env_.unlock_range(fd_.get(), offset_of(slot_), kSlotBytes).ok()) {
    counts->give_back(std::move(fd_));
  }
}

bool AlertCounts::write_word(int fd, std::size_t slot, std::size_t word, std::uint64_t value) {
  std::string bytes(kWord, '\0');
  std::memcpy(bytes.data(), &value, kWord);
  return env_.write_at(fd, offset_of(slot) + word * kWord, bytes).ok();
}

// One process at a time writes the file, because another may already count in it; others wait for
// it without a limit.
bool AlertCounts::make(int fd) {
  if (!wait_for_range(env_, fd, 0, kHeader)) return false;
  const auto now = env_.read_at(fd, 0, kMagic.size());
  bool good = now.ok() && *now == kMagic;
  if (!good) {
    const std::string fresh(kFileBytes - kMagic.size(), '\0');
    good = env_.write_at(fd, kMagic.size(), fresh).ok() && env_.write_at(fd, 0, kMagic).ok();
  }
  static_cast<void>(env_.unlock_range(fd, 0, kHeader));
  return good;
}

Result<Fd> AlertCounts::open() {
  // If the file was removed with the folder, the open one is stale, so it is reopened after this
  // time.
  constexpr std::int64_t kKeepMs = 1000;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = steady_now_ms();
    if (now >= idle_until_ms_) {
      idle_.clear();
      idle_until_ms_ = now + kKeepMs;
    }
    if (!idle_.empty()) {
      Fd fd = std::move(idle_.back());
      idle_.pop_back();
      return fd;
    }
  }
  auto fd = env_.open_rw(path_, kFileMode);
  if (!fd.ok()) return fd;
  const auto magic = env_.read_at(fd->get(), 0, kMagic.size());
  if (!magic.ok()) return magic.status();
  if (*magic != kMagic && !make(fd->get())) {
    return Status::error(ExitCode::failure, "cannot make " + printable(path_, 300));
  }
  return fd;
}

void AlertCounts::give_back(Fd fd) {
  constexpr std::size_t kMostIdle = 8;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(fd));
}

void AlertCounts::prepare() {
  auto fd = open();
  if (fd.ok()) give_back(std::move(*fd));
}

std::optional<CountSlot> AlertCounts::read_slot(int fd, std::size_t index) {
  const auto bytes = env_.read_at(fd, offset_of(index), kSlotBytes);
  if (!bytes.ok()) return {};
  CountSlot out;  // a shorter file means empty slots
  std::memcpy(out.words.data(), bytes->data(), std::min(bytes->size(), kSlotBytes));
  return out;
}

// Whether the change of an open note took place.
bool AlertCounts::took_place(const CountSlot& slot) {
  const auto paths = paths_(slot.state(), id_text(slot.id()));
  if (!paths) return false;
  const auto entry = env_.lstat(paths->entry_path);
  if (slot.counted() != Counted::postponed)
    return !entry.ok() && entry.status().sys_errno() == ENOENT;
  if (!entry.ok()) return false;
  const auto reason = read_reason(env_, paths->reason_path);
  return reason && reason->attempts >= slot.attempts();
}

// Finishes the note of a killed process, and empties a slot that is not valid.
void AlertCounts::settle(int fd, std::size_t index, CountSlot& slot) {
  if (slot.damaged()) {
    if (env_.write_at(fd, offset_of(index), std::string(kSlotBytes, '\0')).ok()) slot = {};
    return;
  }
  if (!slot.open()) return;
  const Counted counted = *slot.counted();
  if (took_place(slot)) {
    if (write_word(fd, index, CountSlot::kCounts + static_cast<std::size_t>(counted),
                   slot.target())) {
      slot.count(counted) = slot.target();
    }
  } else if (write_word(fd, index, CountSlot::kCheck, 0)) {
    slot.words[CountSlot::kCheck] = 0;
  }
}

std::optional<AlertCounts::Locked> AlertCounts::lock_any(std::size_t first) {
  auto fd = open();
  if (!fd.ok()) return {};
  for (std::size_t i = 0; i < kSlots; ++i) {
    const std::size_t index = (first + i) % kSlots;
    const auto locked = env_.try_lock_range(fd->get(), offset_of(index), kSlotBytes);
    if (!locked.ok()) return {};
    if (*locked) return Locked{std::move(*fd), index};
  }
  return {};
}

std::optional<AlertCounts::Note> AlertCounts::note(const CountedChange& change, bool first) {
  const auto numbers = parse_id(change.id);
  if (!numbers) return {};
  if (!first) resolve(change.id);
  auto locked = lock_any(numbers->random % kSlots);
  if (!locked) return {};
  auto slot = read_slot(locked->fd.get(), locked->slot);
  if (!slot) return {};
  settle(locked->fd.get(), locked->slot, *slot);
  if (slot->damaged() || slot->open()) return {};
  slot->words[1] = numbers->ms;
  slot->words[2] = numbers->random;
  slot->words[3] = static_cast<std::uint64_t>(change.counted) |
                   std::uint64_t{change.state} << CountSlot::kStateShift |
                   static_cast<std::uint64_t>(change.attempts) << CountSlot::kAttemptsShift;
  slot->words[4] = slot->count(change.counted) + 1;
  slot->words[CountSlot::kCheck] = slot->check();
  const std::string_view noted(reinterpret_cast<const char*>(slot->words.data()),
                               CountSlot::kCounts * kWord);
  if (!env_.write_at(locked->fd.get(), offset_of(locked->slot), noted).ok()) return {};
  return Note(this, std::move(locked->fd), locked->slot, change.counted, slot->target());
}

void AlertCounts::resolve(const std::string& id) {
  const auto numbers = parse_id(id);
  auto fd = open();
  if (!numbers || !fd.ok()) return;
  const auto table = env_.read_at(fd->get(), kHeader, kSlots * kSlotBytes);
  if (!table.ok()) return;
  for (std::size_t i = 0; (i + 1) * kSlotBytes <= table->size(); ++i) {
    CountSlot slot;
    std::memcpy(slot.words.data(), table->data() + i * kSlotBytes, kSlotBytes);
    if (!slot.open() || slot.id() != *numbers) continue;
    // The process that wrote it is dead, because this one has its claim. Another process that
    // finishes it now does the same.
    if (!wait_for_range(env_, fd->get(), offset_of(i), kSlotBytes)) continue;
    auto now = read_slot(fd->get(), i);
    if (now && now->id() == *numbers) settle(fd->get(), i, *now);
    static_cast<void>(env_.unlock_range(fd->get(), offset_of(i), kSlotBytes));
  }
  give_back(std::move(*fd));
}

void AlertCounts::add(Counted counted) {
  auto locked = lock_any(static_cast<std::size_t>(steady_now_ms()) % kSlots);
  if (!locked) return;
  const int fd = locked->fd.get();
  auto slot = read_slot(fd, locked->slot);
  if (!slot) return;
  settle(fd, locked->slot, *slot);
  // Finishing an open note of the same count would undo this addition.
  if (slot->damaged() || slot->open()) return;
  write_word(fd, locked->slot, CountSlot::kCounts + static_cast<std::size_t>(counted),
             slot->count(counted) + 1);
  if (env_.unlock_range(fd, offset_of(locked->slot), kSlotBytes).ok()) {
    give_back(std::move(locked->fd));
  }
}

// False: a note was finished meanwhile, so the sum may count it twice.
bool AlertCounts::sum_once(int fd, CountTotals& out) {
  const auto table = env_.read_at(fd, kHeader, kSlots * kSlotBytes);
  if (!table.ok()) return true;
  out.fill(0);
  for (std::size_t i = 0; i * kSlotBytes < table->size(); ++i) {
    CountSlot slot;
    std::memcpy(slot.words.data(), table->data() + i * kSlotBytes,
                std::min(kSlotBytes, table->size() - i * kSlotBytes));
    if (slot.damaged()) continue;
    if (slot.open() && took_place(slot)) {
      const auto now = read_slot(fd, i);
      if (!now || now->words[CountSlot::kCheck] != slot.words[CountSlot::kCheck]) return false;
      slot.count(*slot.counted()) = slot.target();
    }
    for (std::size_t counted = 0; counted < kCounted; ++counted) {
      out.at(counted) += slot.words.at(CountSlot::kCounts + counted);
    }
  }
  return true;
}

Result<std::optional<CountTotals>> AlertCounts::read() {
  auto fd = env_.open_read(path_);
  if (!fd.ok()) {
    if (fd.status().sys_errno() == ENOENT) return std::optional<CountTotals>();
    return fd.status();
  }
  const auto magic = env_.read_at(fd->get(), 0, kMagic.size());
  if (!magic.ok()) return magic.status();
  if (*magic != kMagic) {
    if (std::all_of(magic->begin(), magic->end(), [](char c) { return c == '\0'; })) {
      return std::optional<CountTotals>();  // another process is creating it
    }
    return Status::error(ExitCode::bad_input, printable(path_, 300) + " is not a file of counts",
                         "remove it; the counts then restart at 0");
  }
  CountTotals out{};
  constexpr int kTries = 16;
  for (int i = 0; i < kTries && !sum_once(fd->get(), out); ++i) {
  }
  return std::optional(out);
}

}  // namespace socbridge::spool
