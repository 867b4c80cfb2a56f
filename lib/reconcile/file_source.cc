// SPDX-License-Identifier: Apache-2.0
#include "reconcile/file_source.h"

#include <algorithm>
#include <utility>

#include "base/named_file.h"
#include "base/text.h"
#include "json/abridge.h"
#include "json/writer.h"
#include "wazuh/alert_stream.h"
#include "wazuh/search_answer.h"

namespace socbridge::reconcile {
namespace {

constexpr std::size_t kMostFailures = 100;
constexpr std::size_t kMaxWhole = std::size_t{64} << 20;
// A file that did not change for this time is not being written.
constexpr UnixMillis kWritingMs = 60000;
constexpr UnixMillis kDayMs = UnixMillis{24} * 3600 * 1000;

std::string without_gz(std::string path) {
  if (path.ends_with(".gz")) path.resize(path.size() - 3);
  return path;
}

bool is_json(std::string_view text) { return json::parse_deep(text).ok(); }

}  // namespace

Result<FileSource> FileSource::open(Env& env, const std::string& from, const Window& window,
                                    json::Value resume, UnixMillis resume_ms) {
  if (from == "-") return FileSource(env, from, {AlertFile{"-", 0, 0, 0, false, false}});
  std::vector<std::string> skipped;
  auto files = find_alert_files(env, from, window, &skipped);
  if (!files.ok()) return files.status();
  FileSource source(env, from, std::move(*files));
  for (const std::string& line : skipped) source.failed(line);
  if (!resume.missing() && !source.resume_at(resume)) {
    Window rest = window;
    // An alert's time may be ahead of the clock; the day before is always kept.
    const UnixMillis from_ms = std::min(resume_ms, wall_now_ms()) - kDayMs;
    rest.since = std::max(window.since.value_or(from_ms), from_ms);
    auto fewer = find_alert_files(env, from, rest);
    if (!fewer.ok()) return fewer.status();
    source.files_ = std::move(*fewer);
  }
  if (source.files_.empty()) {
    source.failed("no file in " + printable(from, 300) +
                  " covers the requested time, so nothing was compared");
  }
  for (const AlertFile& file : source.files_) source.bytes_total_ += file.bytes;
  return source;
}

bool FileSource::resume_at(json::Value position) {
  const auto number = [&](const char* name) {
    return static_cast<std::uint64_t>(position[name].integer().value_or(0));
  };
  const std::string stem = without_gz(position["path"].string_text());
  const std::string head(position["head"].string_or_empty());
  const auto fits = [&](std::size_t i) {
    return head_.of(files_[i].path, number("head_bytes")) == head;
  };
  std::size_t found = files_.size();
  for (std::size_t i = 0; i < files_.size() && found == files_.size(); ++i) {
    if (without_gz(files_[i].path) == stem && fits(i)) found = i;
  }
  for (std::size_t i = 0; i < files_.size() && found == files_.size(); ++i) {
    const AlertFile& file = files_[i];
    if (file.inode == number("inode") && file.device == number("device") && fits(i)) found = i;
  }
  if (found == files_.size()) return false;
  files_.erase(files_.begin(), files_.begin() + static_cast<std::ptrdiff_t>(found));
  start_offset_ = number("offset");
  const AlertFile& first = files_.front();
  if (!first.path.ends_with(".gz") && first.bytes < start_offset_) start_offset_ = 0;
  before_.offset = after_.offset = start_offset_;
  return true;
}

void FileSource::failed(const std::string& line) {
  if (unread_.failures.size() < kMostFailures) unread_.failures.push_back(line);
}

bool FileSource::open_current() {
  AlertFile& file = files_[current_];
  auto reader = LineReader::open(*env_, file.path, kMaxWhole);
  if (!reader.ok() && !file.path.ends_with(".gz")) {
    // It was compressed after it was listed.
    auto compressed = LineReader::open(*env_, file.path + ".gz", kMaxWhole);
    if (compressed.ok()) {
      file.path += ".gz";
      reader = std::move(compressed);
    }
  }
  if (!reader.ok()) {
    failed(reader.status().line());
    return false;
  }
  if (const auto info = reader->info(*env_); info.ok()) {
    file.device = info->device;
    file.inode = info->inode;
  }
  const std::uint64_t offset = current_ == 0 ? start_offset_ : 0;
  if (const Status skipped = reader->skip_to(offset); !skipped.ok()) {
    failed(skipped.line());
    return false;
  }
  after_ = {current_, offset};
  fresh_ = true;
  reader_ = std::move(*reader);
  return true;
}

void FileSource::leave_current() {
  reader_.reset();
  bytes_before_ += files_[current_].bytes;
  ++current_;
}

std::string FileSource::name() const { return name_of_input(files_[current_].path); }

Result<bool> FileSource::refuse(const std::string& why, const std::string& hint) {
  const Status status = Status::error(ExitCode::bad_input, name() + " " + why, hint);
  if (files_.size() == 1) return status;
  failed(status.line());
  leave_current();
  return false;
}

void FileSource::take(wazuh::Container container, const LineReader::Line& line) {
  for (const std::string& doubt : container.doubts()) {
    failed(name() + ", byte " + std::to_string(line.begin) + ": " + doubt);
  }
  contained_.container = std::move(container);
  contained_.given = 0;
  contained_.begin = {current_, line.begin};
  contained_.end = {current_, line.end};
}

bool FileSource::next_contained(SourceAlert& out) {
  Contained& all = contained_;
  if (!all.container || all.given == all.container->size()) {
    all.container.reset();
    return false;
  }
  all.item = all.container->item(all.given++);
  before_ = all.begin;
  // Within a container there is no resume point: the next run reads all of it again.
  after_ = all.given == all.container->size() ? all.end : all.begin;
  out.raw = all.item;
  out.place = files_[current_].path + ", byte " + std::to_string(all.begin.offset) + ", alert " +
              std::to_string(all.given);
  return true;
}

// Detects the format of a file from its first line. False: the line is not returned.
Result<bool> FileSource::first_line(LineReader::Line& line) {
  const std::string_view text = trim(line.text);
  if (const std::string form = wazuh::foreign_form(text); !form.empty())
    return refuse("is " + form);
  if (text.front() != '{' && text.front() != '[') return true;
  if (const auto document = json::parse_deep(text); document.ok()) {
    const std::string why = wazuh::why_no_alert(document->root());
    const bool known = why.empty() || wazuh::Container::is_one(document->root());
    return known ? Result<bool>(true) : refuse("is not a file of alerts: " + why);
  }
  if (!line.whole || line.begin > 0) return true;
  const auto rest = reader_->rest(line, kMaxWhole);
  if (!rest) return true;  // JSON Lines with a damaged first line
  auto document = json::parse_deep(*rest);
  if (!document.ok()) {
    // JSON Lines with a damaged first line; or a single line, which its parser checks.
    const bool lines = trim(*rest).find('\n') == std::string_view::npos ||
                       rest->find("\n{") != std::string_view::npos;
    if (lines) return true;
    return refuse("is not complete JSON: " + document.status().message());
  }
  const std::string why = wazuh::why_no_alert(document->root());
  wazuh::Container container = wazuh::Container::of_any(std::move(*document));
  if (!why.empty() && container.is_single()) return refuse("is not a file of alerts: " + why);
  LineReader::Line all = line;
  all.end = line.begin + rest->size();
  reader_->skip_rest();
  take(std::move(container), all);
  return false;
}

// An incomplete last line. If Wazuh is still writing it, the next run reads it.
bool FileSource::is_torn(const LineReader::Line& line) {
  const AlertFile& file = files_[current_];
  if (line.whole || !file.live || is_json(trim(line.text))) return false;
  const auto info = reader_->info(*env_);
  const bool is_written =
      wazuh::is_alerts_log(file.path) && info.ok() && wall_now_ms() - info->mtime_ms < kWritingMs;
  if (!is_written) {
    failed(name() + " ends in the middle of a line, at byte " + std::to_string(line.begin) +
           "; check that the copy is complete");
  }
  return true;
}

Result<bool> FileSource::end_of_current() {
  const AlertFile& file = files_[current_];
  const bool from_start = current_ > 0 || start_offset_ == 0;
  const bool packed = file.path.ends_with(".gz");
  if (fresh_ && from_start) {
    if (file.path == "-") {
      return refuse("is empty, so nothing was compared",
                    "check whether the preceding command failed");
    }
    const bool expected =
        files_.size() == 1 ? wazuh::is_alerts_log(file.path) : !packed || file.bytes > 0;
    if (!expected) return refuse("is empty, so nothing was compared");
  }
  leave_current();
  return false;
}

Result<bool> FileSource::next_of_current(SourceAlert& out) {
  LineReader::Line line;
  while (true) {
    if (next_contained(out)) return true;
    const auto more = reader_->next(line);
    if (!more.ok()) {
      if (more.status().code() == ExitCode::interrupted) return more;
      failed(more.status().line());
      leave_current();
      return false;
    }
    if (!*more) return end_of_current();
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (line.begin == 0 && line.text.starts_with(kByteOrderMark)) line.text.remove_prefix(3);
    if (trim(line.text).empty() && !line.too_long) continue;
    if (std::exchange(fresh_, false) && !line.too_long) {
      const auto given = first_line(line);
      if (!given.ok()) return given;
      if (!reader_) return false;  // refused
      if (!*given) continue;
    }
    const std::string_view text = trim(line.text);
    if (auto container = wazuh::Container::of(text)) {
      take(std::move(*container), line);
      continue;
    }
    if (is_torn(line)) continue;
    before_ = {current_, line.begin};
    after_ = {current_, line.end};
    if (line.too_long || text.size() > wazuh::kMaxAlertLine) {
      ++unread_.too_long;
      continue;
    }
    out.raw = text;
    out.place = files_[current_].path + ", byte " + std::to_string(line.begin);
    return true;
  }
}

Result<bool> FileSource::next(SourceAlert& out) {
  while (current_ < files_.size()) {
    if (!reader_ && !open_current()) {
      if (files_.size() == 1) return Status::error(ExitCode::bad_input, unread_.failures.back());
      leave_current();
      continue;
    }
    const auto more = next_of_current(out);
    if (!more.ok() || *more) return more;
  }
  return false;
}

Reading FileSource::reading() const {
  return {bytes_before_ + (reader_ ? reader_->raw_offset() : 0), bytes_total_};
}

std::string FileSource::description() const {
  if (from_ == "-") return "standard input";
  return std::to_string(files_.size()) + (files_.size() == 1 ? " file of " : " files of ") +
         printable(from_, 300);
}

std::string FileSource::position(const Place& place) const {
  const AlertFile none;
  const AlertFile& file = place.file < files_.size() ? files_[place.file] : none;
  json::Writer w;
  w.begin_object();
  w.member("path", file.path);
  w.member("device", file.device);
  w.member("inode", file.inode);
  w.member("offset", place.offset);
  if (file.regular && place.file < files_.size()) {
    const std::uint64_t bytes = std::min<std::uint64_t>(place.offset, HeadDigest::kMostBytes);
    w.member("head_bytes", bytes);
    w.member("head", head_.of(file.path, bytes));
  }
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::reconcile
