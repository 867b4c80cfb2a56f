// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/env.h"
#include "base/privileges.h"
#include "base/status.h"
#include "base/trusted_path.h"

// Files that root writes where user wazuh may write too. The folder is held open, owner and mode
// are set by descriptor, and a name is only ever made new or replaced by rename, so no link of that
// user leads anywhere else.
namespace socbridge::integration {

struct FileOwner {
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t mode = 0;  // permission bits
};

// A file with the rights of `user`, if this process is root; EFBIG beyond max_bytes.
Result<std::string> read_as(Env& env, const User& user, const std::string& path,
                            std::size_t max_bytes);

// A file as it was read: its content, and what fstat(2) said of it.
struct SeenFile {
  std::string bytes;
  FileInfo info;
};

// One folder, held open from its check on: whatever takes its place or the place of a folder above
// it afterwards changes nothing. Names are single components. Errors name the path, and are
// failures with errno. Not thread safe.
class HeldFolder {
 public:
  // Errors: those of open_trusted().
  static Result<HeldFolder> open(Env& env, const std::string& path, const Trust& trust);

  // A regular file, whose name is no link (usage); EFBIG beyond max_bytes. May wait for no FIFO.
  Result<SeenFile> read(const std::string& name, std::size_t max_bytes) const;

  // Makes a file that is not there yet (EEXIST), synced.
  Status write_new(const std::string& name, std::string_view bytes, const FileOwner& owner) const;

  // Replaces a file, or makes it: `NAME.new` beside it, synced, renamed over it, the folder synced.
  Status replace(const std::string& name, std::string_view bytes, const FileOwner& owner) const;

  // Makes a folder, `NAME.new` first; EEXIST if there is something of that name. What another user
  // puts in its place meanwhile is not given away, unless it is a folder of this user's that is
  // private and empty too.
  Status make_folder(const std::string& name, const FileOwner& owner) const;

  Status unlink(const std::string& name) const;

 private:
  HeldFolder(Env& env, std::string path, Fd fd)
      : env_(&env), path_(std::move(path)), fd_(std::move(fd)) {}
  std::string full(const std::string& name) const;  // for messages
  Status failed(const char* what, const std::string& name) const;
  Status give(int fd, const std::string& name, const FileOwner& owner) const;
  Status rename(const std::string& from, const std::string& to) const;
  Status give_folder(const std::string& fresh, const FileOwner& owner) const;
  bool is_exchanged(int fd) const;

  Env* env_;
  std::string path_;
  Fd fd_;
};

// The last component of a path, as a name in folder_of() it.
std::string name_of(const std::string& path);

}  // namespace socbridge::integration
