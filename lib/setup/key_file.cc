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

Status make_folder(Env& env, const std::string& path) {
  constexpr mode_t kFolder = 0700;
  const std::string folder = folder_of(path);
  if (!env.stat(folder).ok()) {
    if (Status made = env.mkdir(folder, kFolder); !made.ok()) return made;
  }
  return check_trusted(folder, Trust::of_process(), PathKind::folder);
}

}  // namespace

Status prepare_key_file(Env& env, const std::string& path) {
  constexpr std::size_t kMostKey = 4096;
  if (Status safe = make_folder(env, path); !safe.ok()) return safe;
  const std::string trial = path + ".new";
  (void)env.unlink(trial);  // usually not there
  const std::string blanks(kMostKey, ' ');
  Status written =
      integration::write_new_file(env, trial, blanks, {::geteuid(), ::getegid(), kFile});
  return written.ok() ? env.unlink(trial) : written;
}

Status write_key_file(Env& env, const std::string& path, const Secret& key) {
  if (Status safe = make_folder(env, path); !safe.ok()) return safe;
  const Secret line(std::string(key.reveal()) + "\n");
  return integration::replace_owned_file(env, path, line.reveal(),
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
