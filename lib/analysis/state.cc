// SPDX-License-Identifier: Apache-2.0
#include "analysis/state.h"

#include <cerrno>

#include "base/clock.h"
#include "base/durable_file.h"
#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::analysis {
namespace {

constexpr mode_t kFolderMode = 0700, kFileMode = 0600;
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr std::int64_t kVersion = 1;

void read_times(const json::Value& object, std::map<std::string, UnixMillis>& out) {
  for (std::size_t i = 0; i < object.size(); ++i) {
    out[std::string(object.key_at(i))] = object.value_at(i).integer().value_or(0);
  }
}

void write_times(json::Writer& w, const char* name,
                 const std::map<std::string, UnixMillis>& times) {
  w.key(name);
  w.begin_object();
  for (const auto& [id, ms] : times) w.member(id, ms);
  w.end_object();
}

}  // namespace

Result<StateFile> StateFile::open(Env& env, std::string path, const std::string& identity,
                                  const Deadline& deadline, const std::function<bool()>& stop) {
  if (const Status made = env.make_dirs(folder_of(path), kFolderMode); !made.ok()) return made;
  auto lock = env.open_rw(path + ".lock", kFileMode);
  if (!lock.ok()) return lock.status();
  const auto mine = env.lock(lock->get(), deadline, stop);
  if (!mine.ok()) return mine.status();
  if (!*mine) {
    return Status::error(ExitCode::failure, "another run uses " + printable(path, 300),
                         "wait until it ends, or use another state file");
  }
  StateFile file(env, std::move(path), identity, std::move(*lock));
  if (const Status read = file.read(); !read.ok()) return read;
  return file;
}

Status StateFile::read() {
  const auto text = env_->read_file(path_, kMaxBytes);
  if (!text.ok()) return text.status().sys_errno() == ENOENT ? Status() : text.status();
  const auto document = json::Document::parse(*text);
  const std::string name = printable(path_, 300);
  if (!document.ok() || document->root()["socbridge_analysis"].integer() != kVersion) {
    return Status::error(ExitCode::usage, name + " is not a state file of this version",
                         "delete it to start over; nothing is analysed twice");
  }
  const std::string was = document->root()["thehive"].text();
  if (was != identity_) {
    return Status::error(
        ExitCode::usage,
        name + " belongs to " + printable(was, 200) + ", not to " + printable(identity_, 200),
        "use one state file for each TheHive and organisation");
  }
  state_.cursor_ms = document->root()["cursor"].integer().value_or(0);
  read_times(document->root()["recent"], state_.recent);
  read_times(document->root()["pending"], state_.pending);
  return {};
}

Status StateFile::save() {
  json::Writer w;
  w.begin_object();
  w.member("socbridge_analysis", kVersion);
  w.member("thehive", identity_);
  w.member("cursor", state_.cursor_ms);
  write_times(w, "recent", state_.recent);
  write_times(w, "pending", state_.pending);
  w.end_object();
  return replace_durably(*env_, path_, w.text() + "\n");
}

}  // namespace socbridge::analysis
