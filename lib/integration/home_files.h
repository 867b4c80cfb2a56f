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

// Files that root writes in folders where user wazuh may write. The folder is held open, owner and
// mode are set by descriptor, and a name is only created or replaced by rename, so that no link of
// that user redirects a write.
namespace socbridge::integration {

struct FileOwner {
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t mode = 0;  // permission bits
};

// Reads a file with the rights of `user` if this process is root; EFBIG beyond max_bytes.
Result<std::string> read_as(Env& env, const User& user, const std::string& path,
                            std::size_t max_bytes);

// A file's content and its fstat(2) data when read.
struct SeenFile {
  std::string bytes;
  FileInfo info;
};

// One folder, held open after its check, so that a later replacement of it or a parent has no
// effect. Names are single components. Errors name the path and are failures with errno. Not
// thread-safe.
class HeldFolder {
 public:
  // Errors: those of open_trusted().
  static Result<HeldFolder> open(Env& env, const std::string& path, const Trust& trust);

  // Reads a regular file; a link is an error (usage); EFBIG beyond max_bytes. Does not wait for a
  // FIFO.
  Result<SeenFile> read(const std::string& name, std::size_t max_bytes) const;

  // Creates a file that must not exist (EEXIST), and syncs it.
  Status write_new(const std::string& name, std::string_view bytes, const FileOwner& owner) const;

  // Creates or replaces a file: `NAME.new`, synced, renamed over it, folder synced.
  Status replace(const std::string& name, std::string_view bytes, const FileOwner& owner) const;

  // Creates a folder as `NAME.new`, then renames it; EEXIST if the name exists. A folder that
  // another user puts in its place is not given away; only an empty, private one of this user could
  // be.
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

// The last component of a path, a name in folder_of() of it.
std::string name_of(const std::string& path);

}  // namespace socbridge::integration
