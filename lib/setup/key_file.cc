// SPDX-License-Identifier: Apache-2.0
#include "setup/key_file.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/durable_file.h"
#include "base/trusted_path.h"
#include "config/key_file.h"
#include "integration/home_files.h"
#include "json/writer.h"

namespace socbridge::setup {

Result<std::optional<Secret>> read_key_file(const std::string& path) {
  auto fd = open_trusted(path, Trust::of_process(), PathKind::file);
  if (!fd.ok()) {
    if (fd.status().sys_errno() == ENOENT) return std::optional<Secret>();
    return fd.status();
  }
  auto key = config::read_key(Secret("file:" + path), {{}, Trust::of_process()});
  if (!key.ok()) return key.status();
  return std::optional<Secret>(std::move(*key));
}

namespace {

constexpr mode_t kFile = 0600;

Result<integration::HeldFolder> make_folder(Env& env, const std::string& path) {
  constexpr mode_t kFolder = 0700;
  const std::string folder = folder_of(path);
  if (!env.stat(folder).ok()) {
    if (Status made = env.mkdir(folder, kFolder); !made.ok()) return made;
  }
  return integration::HeldFolder::open(env, folder, Trust::of_process());
}

}  // namespace

Status prepare_key_file(Env& env, const std::string& path) {
  constexpr std::size_t kMostKey = 4096;
  const auto folder = make_folder(env, path);
  if (!folder.ok()) return folder.status();
  const std::string trial = integration::name_of(path) + ".new";
  (void)folder->unlink(trial);  // usually does not exist
  const std::string blanks(kMostKey, ' ');
  Status written = folder->write_new(trial, blanks, {::geteuid(), ::getegid(), kFile});
  return written.ok() ? folder->unlink(trial) : written;
}

Status write_key_file(Env& env, const std::string& path, const Secret& key) {
  const auto folder = make_folder(env, path);
  if (!folder.ok()) return folder.status();
  const Secret line(std::string(key.reveal()) + "\n");
  return folder->replace(integration::name_of(path), line.reveal(),
                         {::geteuid(), ::getegid(), kFile});
}

std::string default_key_file(const std::string& product, const std::string& home) {
  if (::geteuid() == 0 || home.empty()) return "/etc/socctl/" + product + ".key";
  return home + "/.config/socctl/" + product + ".key";
}

std::string configuration_of(const std::string& product, const std::string& url,
                             const std::string& key_file) {
  std::error_code unknown_folder;
  const auto path = std::filesystem::absolute(key_file, unknown_folder).lexically_normal();
  return json::quote(product) + ": {\"url\": " + json::quote(url) +
         ", \"key_file\": " + json::quote(unknown_folder ? key_file : path.string()) +
         "} in /etc/socctl/config.json";
}

}  // namespace socbridge::setup
