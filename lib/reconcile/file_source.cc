#include "reconcile/file_source.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "json/writer.h"
#include "wazuh/alert_stream.h"

namespace socbridge::reconcile {
namespace {

constexpr std::size_t kMostFailures = 100;
constexpr std::uint64_t kMaxWhole = std::uint64_t{64} << 20;
constexpr std::size_t kHead = 4096;
constexpr std::size_t kDigest = 16;
constexpr UnixMillis kDayMs = UnixMillis{24} * 3600 * 1000;

std::string without_gz(std::string path) {
  if (path.ends_with(".gz")) path.resize(path.size() - 3);
  return path;
}

bool is_object(std::string_view line) {
  const auto document = json::Document::parse(line);
  return document.ok() && document->root().is_object();
}

// A search answer is an object too, but a file of one line that holds many alerts.
bool is_search_answer(std::string_view line) {
  if (line.find("\"hits\"") == std::string_view::npos) return false;
  const auto document = json::Document::parse(line);
  return document.ok() && document->root()["hits"]["hits"].is_array();
}

// The first line of a file that is not JSON Lines.
bool is_other_form(std::string_view line, bool whole) {
  if (line.front() == '[') return true;
  if (line.front() != '{') return false;
  return is_object(line) ? is_search_answer(line) : whole;
}

}  // namespace

Result<FileSource> FileSource::open(Env& env, const std::string& from, const Window& window,
                                    json::Value resume, UnixMillis resume_ms) {
  if (from == "-") return FileSource(env, from, {AlertFile{"-", 0, 0, 0, false}});
  auto files = find_alert_files(env, from, window);
  if (!files.ok()) return files.status();
  FileSource source(env, from, std::move(*files));
  if (!resume.missing() && !source.resume_at(resume)) {
    Window rest = window;
    // An alert's time may be ahead of the clock; the day before is kept in any case.
    const UnixMillis from_ms = std::min(resume_ms, wall_now_ms()) - kDayMs;
    rest.since = std::max(window.since.value_or(from_ms), from_ms);
    auto fewer = find_alert_files(env, from, rest);
    if (!fewer.ok()) return fewer.status();
    source.files_ = std::move(*fewer);
  }
  for (const AlertFile& file : source.files_) source.bytes_total_ += file.bytes;
  return source;
}

bool FileSource::resume_at(json::Value position) {
  const auto number = [&](const char* name) {
    return static_cast<std::uint64_t>(position[name].integer().value_or(0));
  };
  const std::string stem = without_gz(std::string(position["path"].string().value_or("")));
  const std::string head(position["head"].string().value_or(""));
  const auto fits = [&](std::size_t i) { return head_digest(i, number("head_bytes")) == head; };
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
  head_file_ = SIZE_MAX;
  start_offset_ = number("offset");
  const AlertFile& first = files_.front();
  if (!first.path.ends_with(".gz") && first.bytes < start_offset_) start_offset_ = 0;
  before_.offset = after_.offset = start_offset_;
  return true;
}

std::string FileSource::head_digest(std::size_t file, std::uint64_t bytes) const {
  if (head_file_ != file) {
    head_file_ = file;
    head_.clear();
    digest_.clear();
    auto source = wazuh::ByteSource::open(*env_, files_[file].path);
    while (source.ok() && head_.size() < kHead) {
      const auto more = source->more(head_);
      if (!more.ok() || !*more) break;
    }
    if (head_.size() > kHead) head_.resize(kHead);
  }
  if (bytes > head_.size()) return {};
  if (digest_.empty() || digest_bytes_ != bytes) {
    digest_ = sha256_hex(std::string_view(head_).substr(0, bytes)).substr(0, kDigest);
    digest_bytes_ = bytes;
  }
  return digest_;
}

void FileSource::failed(const std::string& line) {
  if (unread_.failures.size() < kMostFailures) unread_.failures.push_back(line);
}

bool FileSource::open_current() {
  AlertFile& file = files_[current_];
  auto reader = LineReader::open(*env_, file.path, wazuh::kMaxAlertLine);
  if (!reader.ok() && !file.path.ends_with(".gz")) {
    // Compressed since it was listed.
    auto compressed = LineReader::open(*env_, file.path + ".gz", wazuh::kMaxAlertLine);
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

// The current file is not JSON Lines: everything in it is taken at once. Not from standard input,
// which cannot be read a second time, and not from a large file, which is JSON Lines with a damaged
// first line.
bool FileSource::read_whole() {
  const std::string& path = files_[current_].path;
  const bool large = files_[current_].bytes > kMaxWhole;
  if (path == "-" || large || (current_ == 0 && start_offset_ > 0)) return false;
  whole_.clear();
  next_whole_ = 0;
  const Status read = wazuh::for_each_alert(
      *env_, path, [this](std::string_view raw, std::size_t) { whole_.emplace_back(raw); });
  if (!read.ok()) failed(read.line());
  return true;
}

Result<bool> FileSource::next(Fired& out) {
  while (true) {
    if (next_whole_ < whole_.size()) {
      before_ = after_ = {current_, 0};
      out.place = files_[current_].path + ", alert " + std::to_string(next_whole_ + 1);
      out.raw = whole_[next_whole_++];
      return true;
    }
    if (!whole_.empty()) {
      whole_.clear();
      next_whole_ = 0;
      leave_current();
    }
    if (current_ >= files_.size()) return false;
    if (!reader_ && !open_current()) {
      if (files_.size() == 1) return Status::error(ExitCode::bad_input, unread_.failures.back());
      leave_current();
      continue;
    }
    LineReader::Line line;
    const auto more = reader_->next(line);
    if (!more.ok()) {
      failed(more.status().line());
      leave_current();
      continue;
    }
    if (!*more) {
      leave_current();
      continue;
    }
    const std::string_view text = trim(line.text);
    if (text.empty() && !line.too_long) continue;
    const bool first = std::exchange(fresh_, false);
    if (first && !line.too_long && is_other_form(text, line.whole) && read_whole()) {
      reader_.reset();
      continue;
    }
    // Not written to its end yet: it is for the next run.
    if (!line.whole && files_[current_].live && !is_object(text)) continue;
    before_ = {current_, line.begin};
    after_ = {current_, line.end};
    if (line.too_long) {
      ++unread_.too_long;
      continue;
    }
    out.raw = text;
    out.place = files_[current_].path + ", byte " + std::to_string(line.begin);
    return true;
  }
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
  if (from_ != "-" && place.file < files_.size()) {
    const std::uint64_t bytes = std::min<std::uint64_t>(place.offset, kHead);
    w.member("head_bytes", bytes);
    w.member("head", head_digest(place.file, bytes));
  }
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::reconcile
