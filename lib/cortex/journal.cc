// SPDX-License-Identifier: Apache-2.0
#include "cortex/journal.h"

#include <sys/random.h>

#include "base/durable_file.h"
#include "base/text.h"
#include "hash/digest.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 30, kBatchDigits = 16;
constexpr mode_t kMode = 0600;

// Batches must have different names, even on machines with equal clocks.
Result<std::string> new_batch() {
  std::string bytes(16, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return Status::error(ExitCode::failure, "cannot read random numbers from the system");
  return sha256_hex(bytes).substr(0, kBatchDigits);
}

Status not_ours(const std::string& path) {
  return Status::error(ExitCode::usage, path + " is not the state file of a batch",
                       "give another --state file, or none");
}

std::string about(const std::string& key, std::string_view name, std::string_view value) {
  json::Writer w;
  w.begin_object();
  w.member("k", key);
  w.member(name, value);
  w.end_object();
  return std::move(w).take() + "\n";
}

}  // namespace

Result<Journal> Journal::open(Env& env, const std::string& path, std::string_view cortex_url) {
  Journal journal(env);
  if (!path.empty()) {
    const Status loaded = journal.load(path, cortex_url);
    if (!loaded.ok()) return loaded;
  }
  if (!journal.batch_.empty()) return journal;
  auto batch = new_batch();
  if (!batch.ok()) return batch.status();
  journal.batch_ = std::move(*batch);
  json::Writer w;
  w.begin_object();
  w.member("v", 1);
  w.member("batch", journal.batch_);
  w.member("cortex", cortex_url);
  w.end_object();
  journal.pending_ += std::move(w).take() + "\n";  // after a torn line, on a line of its own
  if (const Status kept = journal.sync(); !kept.ok()) return kept;
  if (!path.empty()) {
    const Status synced = env.fsync_dir(folder_of(path));
    if (!synced.ok()) return synced;
  }
  return journal;
}

Status Journal::load(const std::string& path, std::string_view cortex_url) {
  auto file = env_->open_append(path, kMode);
  if (!file.ok()) return file.status();
  const auto locked = env_->try_lock(file->get());
  if (!locked.ok()) return locked.status();
  if (!*locked)
    return Status::error(ExitCode::failure, path + " is in use by another socctl",
                         "wait for it, or give another --state file");
  file_ = std::move(*file);
  const auto text = env_->read_file(path, kMaxFile);
  if (!text.ok()) return text.status();
  std::string_view rest = *text;
  if (!rest.empty() && !rest.ends_with('\n')) pending_ = "\n";  // terminates a torn line
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    take(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  // A process killed before the first sync leaves an empty file or a partial line.
  if (batch_.empty() && text->find('\n') != std::string::npos && trim(*text).size() > 0)
    return not_ours(path);
  if (!cortex_.empty() && cortex_ != cortex_url)
    return Status::error(ExitCode::usage,
                         path + " is the state file of a batch for " + printable(cortex_),
                         "give another --state file for this Cortex");
  return {};
}

void Journal::take(std::string_view line) {
  const auto document = json::Document::parse(line);
  if (!document.ok()) return;
  const json::Value root = document->root();
  if (batch_.empty()) {
    if (const auto batch = root["batch"].string(); batch && root["v"].integer() == 1) {
      batch_ = *batch;
      cortex_ = root["cortex"].string_or_empty();
    }
    return;
  }
  if (const json::Value tried = root["try"]; tried.is_array()) {
    for (std::size_t i = 0; i < tried.size(); ++i) {
      Entry& entry = entries_[tried.at(i).string_text()];
      entry.state = State::tried;
      entry.tried_at = root["t"].integer().value_or(0);
    }
    return;
  }
  const auto key = root["k"].string();
  if (!key) return;
  Entry& entry = entries_[std::string(*key)];
  if (const auto job = root["job"].string()) {
    entry.state = State::started;
    entry.job = *job;
    entry.cached = root["cached"].boolean().value_or(false);
  } else if (const auto reason = root["no"].string()) {
    entry.state = State::refused;
    entry.reason = *reason;
  } else if (root["free"].boolean().value_or(false)) {
    entry.state = State::fresh;
  }
}

const Journal::Entry& Journal::at(const std::string& key) const {
  static const Entry kFresh;
  const auto found = entries_.find(key);
  return found == entries_.end() ? kFresh : found->second;
}

Status Journal::tried(const std::vector<std::string>& keys, UnixMillis now) {
  json::Writer w;
  w.begin_object();
  w.member("t", now);
  w.key("try");
  w.begin_array();
  for (const std::string& key : keys) {
    w.value(key);
    Entry& entry = entries_[key];
    entry.state = State::tried;
    entry.tried_at = now;
  }
  w.end_array();
  w.end_object();
  pending_ += std::move(w).take() + "\n";
  return sync();
}

void Journal::started(const std::string& key, const std::string& job, bool cached) {
  Entry& entry = entries_[key];
  entry.state = State::started;
  entry.job = job;
  entry.cached = cached;
  json::Writer w;
  w.begin_object();
  w.member("k", key);
  w.member("job", job);
  if (cached) w.member("cached", true);
  w.end_object();
  pending_ += std::move(w).take() + "\n";
}

void Journal::freed(const std::string& key) {
  entries_[key].state = State::fresh;
  json::Writer w;
  w.begin_object();
  w.member("k", key);
  w.member("free", true);
  w.end_object();
  pending_ += std::move(w).take() + "\n";
}

void Journal::refused(const std::string& key, const std::string& reason) {
  Entry& entry = entries_[key];
  entry.state = State::refused;
  entry.reason = reason;
  pending_ += about(key, "no", reason);
}

Status Journal::sync() {
  if (!file_.valid()) pending_.clear();
  if (pending_.empty()) return {};
  // Atomic for the reader: a torn line is ignored, and the next record starts after it.
  if (const Status wrote = env_->write_all(file_.get(), pending_); !wrote.ok()) return wrote;
  pending_.clear();
  return env_->fsync(file_.get());
}

}  // namespace socbridge::cortex
