// SPDX-License-Identifier: Apache-2.0
#include "config/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/env.h"
#include "base/privileges.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "config/key_text.h"

namespace socbridge::config {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::size_t kMaxBytes = 4096;

std::string shown(const std::string& path) { return printable(path, 300); }

Status refused(const std::string& what, std::string hint = {}) {
  return Status::error(ExitCode::usage, what, std::move(hint));
}

Status not_opened(const std::string& path, const Status& why) {
  const std::string name = shown(path);
  if (is_distrust(why)) return refused("key file " + name + ": " + why.message(), why.hint());
  const int error = why.sys_errno();
  std::string hint;
  if (error == ENOENT) {
    hint = "create it with the key as its only line, then chmod 640 " + shell_word(path);
  }
  if (error == EACCES) {
    hint = "let " + user_label(::geteuid()) + " read it, for Wazuh: chown root:wazuh " +
           shell_word(path);
  }
  return refused("key file " + name + ": " + std::strerror(error), std::move(hint));
}

Status check_file(const FileInfo& info, const std::string& path, const Trust& trust) {
  const std::string name = shown(path), word = shell_word(path);
  if ((info.mode & (S_IWGRP | S_IWOTH)) != 0) {
    return refused("key file " + name + " may be written by group or others", "chmod go-w " + word);
  }
  if ((info.mode & S_IRWXO) != 0) {
    return refused("key file " + name + " may be read by any user", "chmod o-rwx " + word);
  }
  if ((info.mode & S_IRGRP) != 0 && !trust.has_group(info.gid) && info.gid != ::getegid()) {
    return refused("key file " + name + " may be read by the group " + group_label(info.gid),
                   "chmod 600 " + word);
  }
  if (info.size > kMaxBytes) return refused("key file " + name + " is larger than 4 KiB");
  return {};
}

Result<Secret> read_file(const std::string& path, const Trust& trust) {
  Env& env = Env::real();
  const std::string name = shown(path);
  const auto fd = open_trusted(path, trust, PathKind::file);
  if (!fd.ok()) return not_opened(path, fd.status());
  // Check the open descriptor, not the path (no TOCTOU race).
  const auto info = env.fstat(fd->get());
  if (!info.ok()) return refused(info.status().message());
  if (Status fit = check_file(*info, path, trust); !fit.ok()) return fit;
  auto text = env.read_all(fd->get(), kMaxBytes);
  if (!text.ok()) return refused("key file " + name + ": " + text.status().message());

  auto key = key_in(*text, "key file " + name);
  secure_wipe(text->data(), text->size());
  return key;
}

}  // namespace

std::string key_file_of(const Secret& setting, const KeyFileRules& rules) {
  const std::string_view text = trim(setting.reveal());
  if (!text.starts_with(kFile)) return {};
  std::string path(trim(text.substr(kFile.size())));
  if (path.empty() || path.starts_with('/') || rules.folder.empty()) return path;
  return rules.folder + "/" + path;
}

Result<Secret> read_key(const Secret& setting, const KeyFileRules& rules) {
  const std::string_view text = trim(setting.reveal());
  if (text.starts_with(kFile)) {
    const std::string path = key_file_of(setting, rules);
    if (path.empty()) return refused("the key setting \"file:\" names no file");
    if (path.find('\0') != std::string::npos)
      return refused("the key file's path holds a NUL byte");
    return read_file(path, rules.trust);
  }
  if (has_control(text)) return refused("the key holds control characters");
  return Secret(std::string(text));
}

}  // namespace socbridge::config
