// SPDX-License-Identifier: Apache-2.0
#include "http/ca_locations.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace socbridge::http {
namespace {

// Debian, Ubuntu, SUSE and Alpine; then RHEL 9 and Fedora, whose /etc/ssl/certs is not hashed.
constexpr std::array<const char*, 2> kDirs = {"/etc/ssl/certs",
                                              "/etc/pki/ca-trust/extracted/pem/directory-hash"};
constexpr std::array<const char*, 6> kFiles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL, Fedora
    "/etc/pki/tls/certs/ca-bundle.crt",                   // older RHEL
    "/var/lib/ca-certificates/ca-bundle.pem",             // SUSE
    "/etc/ssl/ca-bundle.pem",                             // SUSE, older
    "/etc/ssl/cert.pem",                                  // Alpine, LibreSSL
};

// A folder with fewer hashed names holds a user's own certificates, not the system's store.
constexpr std::size_t kStoreSize = 16;

// `0a1b2c3d.0`: the subject hash names that OpenSSL looks up.
bool is_hashed_name(std::string_view name) {
  if (name.size() != 10 || name[8] != '.' || name[9] < '0' || name[9] > '9') return false;
  return name.substr(0, 8).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_hashed_store(Env& env, const std::string& dir) {
  const auto names = env.list_dir(dir);
  if (!names.ok()) return false;
  std::size_t hashed = 0;
  for (const std::string& name : *names) {
    if (is_hashed_name(name) && ++hashed >= kStoreSize) return true;
  }
  return false;
}

}  // namespace

CaLocation probe_ca_locations(Env& env, const std::string& root) {
  for (const char* dir : kDirs) {
    std::string path = root + dir;
    if (is_hashed_store(env, path)) return {{}, std::move(path)};
  }
  for (const char* file : kFiles) {
    std::string path = root + file;
    const auto info = env.stat(path);
    if (info.ok() && info->is_file() && info->size > 0) return {std::move(path), {}};
  }
  return {};
}

CaLocation probe_ca_locations() { return probe_ca_locations(Env::real(), {}); }

}  // namespace socbridge::http
