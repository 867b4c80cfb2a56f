// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_journal.h"

#include <algorithm>
#include <cerrno>

#include "base/durable_file.h"
#include "base/text.h"

namespace socbridge::stream {
namespace {

constexpr std::uint64_t kFileBytes = std::uint64_t{4} << 20;
constexpr std::size_t kReadBytes = std::size_t{1} << 20;

}  // namespace

MatchJournal::MatchJournal(MatchJournal&& other) noexcept
    : env_(other.env_),
      path_(std::move(other.path_)),
      files_(std::move(other.files_)),
      offset_(other.offset_),
      out_(std::move(other.out_)),
      spoilt_(other.spoilt_) {}

std::string MatchJournal::file_path(std::uint64_t number) const {
  return path_ + "." + std::to_string(number);
}

Status MatchJournal::find_files() {
  const auto names = env_->list_dir(folder_of(path_));
  if (!names.ok()) return names.status();
  const std::string prefix = path_.substr(path_.rfind('/') + 1) + ".";
  for (const std::string& name : *names) {
    if (!name.starts_with(prefix)) continue;
    const auto number = parse_u64(std::string_view(name).substr(prefix.size()));
    if (!number) continue;
    const auto info = env_->stat(file_path(*number));
    if (!info.ok()) return info.status();
    files_.push_back({*number, info->size});
  }
  std::sort(files_.begin(), files_.end(),
            [](const File& a, const File& b) { return a.number < b.number; });
  return {};
}

// Reads `NAME.place`: number of the first file and how many of its bytes are confirmed.
Status MatchJournal::read_place() {
  constexpr std::size_t kMost = 100;
  const auto text = env_->read_file(path_ + ".place", kMost);
  // Without a place file, or with an invalid one, everything is read again.
  const int error = text.ok() ? 0 : text.status().sys_errno();
  if (error == ENOENT || error == EFBIG) return {};
  if (!text.ok()) return text.status();
  const auto words = split(trim(*text), ' ');
  const auto number = parse_u64(words[0]);
  const auto offset = words.size() == 2 ? parse_u64(words[1]) : std::nullopt;
  if (!number || !offset) return {};
  while (!files_.empty() && files_.front().number < *number) {
    static_cast<void>(env_->unlink(file_path(files_.front().number)));
    files_.erase(files_.begin());
  }
  if (!files_.empty() && files_.front().number == *number) {
    offset_ = std::min(*offset, files_.front().size);
  }
  return {};
}

Status MatchJournal::start_file() {
  const std::uint64_t number = files_.empty() ? 1 : files_.back().number + 1;
  auto made = env_->create_new(file_path(number), 0600);
  if (!made.ok()) return made.status();
  if (const Status s = env_->fsync_dir(folder_of(path_)); !s.ok()) {
    static_cast<void>(env_->unlink(file_path(number)));  // else the number is taken at the next try
    return s;
  }
  out_ = std::move(*made);
  files_.push_back({number, 0});
  return {};
}

Result<MatchJournal> MatchJournal::open(Env& env, std::string path) {
  MatchJournal journal(env, std::move(path));
  if (const Status s = journal.find_files(); !s.ok()) return s;
  if (const Status s = journal.read_place(); !s.ok()) return s;
  // A new file for each process: the last one may end in a partial line.
  if (const Status s = journal.start_file(); !s.ok()) return s;
  return journal;
}

MatchJournal::Batch MatchJournal::Batch::first(std::size_t count) const {
  if (count >= lines.size()) return *this;
  Batch out{{}, file, begin, begin};
  out.lines.assign(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(count));
  for (const std::string& line : out.lines) out.end += line.size() + 1;
  return out;
}

Status MatchJournal::append(std::string_view lines) {
  if (lines.empty()) return {};
  const Status done = write(lines);
  if (on_append_) on_append_();
  return done;
}

Status MatchJournal::write(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (spoilt_ || files_.back().size >= kFileBytes) {
    if (const Status s = start_file(); !s.ok()) return s;
    spoilt_ = false;
  }
  Status done = env_->write_all(out_.get(), lines);
  if (done.ok()) done = env_->fsync(out_.get());
  if (done.ok()) {
    files_.back().size += lines.size();
    return {};
  }
  // Some of it may be there, up to the middle of a line: nothing may follow it in that file.
  const auto info = env_->fstat(out_.get());
  if (info.ok()) files_.back().size = info->size;
  spoilt_ = !start_file().ok();
  return done;
}

Result<MatchJournal::Batch> MatchJournal::next(std::size_t most) {
  Batch batch;
  std::uint64_t size = 0;
  {
    const std::lock_guard lock(mutex_);
    while (files_.size() > 1 && offset_ >= files_.front().size) {
      static_cast<void>(env_->unlink(file_path(files_.front().number)));
      files_.erase(files_.begin());
      offset_ = 0;
    }
    batch.file = files_.front().number;
    batch.begin = batch.end = offset_;
    size = files_.front().size;
  }
  if (batch.end >= size) return batch;
  const std::string path = file_path(batch.file);
  const auto file = env_->open_read(path);
  if (!file.ok()) return file.status();
  std::string text;
  while (batch.end + text.size() < size) {
    const std::size_t want = std::min<std::uint64_t>(kReadBytes, size - batch.end - text.size());
    const std::size_t had = text.size();
    const auto part = env_->read_at(file->get(), batch.end + had, want);
    if (!part.ok()) return Status::error(ExitCode::failure, path + ": " + part.status().message());
    if (part->empty()) {
      return Status::error(ExitCode::failure,
                           "cannot read " + path + ": it is shorter than it was");
    }
    text += *part;
    if (text.find('\n', had) != std::string::npos && text.size() >= kReadBytes) break;
  }
  std::size_t begin = 0;
  while (batch.lines.size() < most) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;
    batch.lines.emplace_back(text, begin, end - begin);
    begin = end + 1;
  }
  // A partial last line was never acknowledged; drop it.
  const bool last_of_file = batch.end + text.size() == size;
  batch.end = begin == 0 && last_of_file ? size : batch.end + begin;
  return batch;
}

Status MatchJournal::confirm(const Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    if (files_.front().number != batch.file || batch.end < offset_) return {};
    offset_ = batch.end;
  }
  return replace_durably(*env_, path_ + ".place",
                         std::to_string(batch.file) + " " + std::to_string(batch.end) + "\n");
}

std::uint64_t MatchJournal::waiting_bytes() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t total = 0;
  for (const File& file : files_) total += file.size;
  return total - offset_;
}

}  // namespace socbridge::stream
