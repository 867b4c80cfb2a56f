#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/env.h"
#include "base/text.h"
#include "config/settings.h"

namespace socbridge::config {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::size_t kMaxBytes = 4096;

Status refused(const std::string& what, std::string hint = {}) {
  return Status::error(ExitCode::usage, what, std::move(hint));
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

Status cannot_open(const std::string& name, int error) {
  std::string hint;
  if (error == ENOENT) hint = "create it with the key as its only line, then chmod 640 " + name;
  if (error == EACCES) hint = "let this user read it, for Wazuh: chown root:wazuh " + name;
  return refused("key file " + name + ": " + std::strerror(error), std::move(hint));
}

Status check_file(const FileInfo& info, const std::string& name) {
  if (!info.is_file()) return refused("key file " + name + " is not a regular file");
  if ((info.mode & (S_IWGRP | S_IWOTH)) != 0) {
    return refused("key file " + name + " may be written by group or others", "chmod go-w " + name);
  }
  if (info.size > kMaxBytes) return refused("key file " + name + " is larger than 4 KiB");
  return {};
}

Result<Secret> read_key(const std::string& path) {
  Env& env = Env::real();
  const std::string name = printable(path, 300);
  // Not blocking: a pipe in the file's place must not hold up the alert.
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd.valid()) return cannot_open(name, errno);
  // Judged is the opened file, so that it cannot be exchanged in between.
  const auto info = env.fstat(fd.get());
  if (!info.ok()) return refused(info.status().message());
  if (Status fit = check_file(*info, name); !fit.ok()) return fit;
  auto text = env.read_all(fd.get(), kMaxBytes);
  if (!text.ok()) return refused("key file " + name + ": " + text.status().message());

  const std::string_view line = trim(std::string_view(*text).substr(0, text->find('\n')));
  const bool control = has_control(line);
  Secret key{std::string(line)};
  secure_wipe(text->data(), text->size());
  if (key.empty())
    return refused("key file " + name + " is empty", "write the key as its first line");
  if (control) return refused("key file " + name + " holds control characters");
  return key;
}

}  // namespace

Result<Secret> SecretReader::resolve(const Secret& setting) {
  const std::string_view text = trim(setting.reveal());
  if (text.starts_with(kFile)) {
    const std::string path(trim(text.substr(kFile.size())));
    if (path.empty()) return refused("the key setting \"file:\" names no file");
    if (path.find('\0') != std::string::npos)
      return refused("the key file's path holds a NUL byte");
    return read_key(path);
  }
  if (has_control(text)) return refused("the key holds control characters");
  return Secret(std::string(text));
}

}  // namespace socbridge::config
