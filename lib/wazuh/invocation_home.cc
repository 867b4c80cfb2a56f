// SPDX-License-Identifier: Apache-2.0
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "wazuh/invocation.h"

namespace socbridge::wazuh {
namespace {

// The absolute path that the kernel was asked to run: the only source without /proc, as in a plain
// chroot.
std::string read_started_path() {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): getauxval() gives the address as a number
  const auto* started = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  if (started == nullptr) return {};
  const std::unique_ptr<char, decltype(&std::free)> path(::realpath(started, nullptr), &std::free);
  return path == nullptr ? std::string() : std::string(path.get());
}

std::string read_own_path() {
  constexpr std::size_t kSize = 4096;
  std::array<char, kSize> buffer{};
  const ssize_t n = readlink("/proc/self/exe", buffer.data(), buffer.size());
  if (n <= 0) return read_started_path();
  std::string path(buffer.data(), static_cast<std::size_t>(n));
  // The kernel appends this for a file that was replaced while it runs.
  constexpr std::string_view kReplaced = " (deleted)";
  if (path.ends_with(kReplaced)) path.resize(path.size() - kReplaced.size());
  return path;
}

std::string parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  return path.substr(0, slash);
}

}  // namespace

// Cached: each reading costs as much as opening a file.
const std::string& own_path() {
  static const std::string path = read_own_path();
  return path;
}

std::string find_home() {
  const char* given = std::getenv("SOCBRIDGE_WAZUH_HOME");  // NOLINT(concurrency-mt-unsafe)
  if (given != nullptr && *given == '/') {
    std::string home(given);
    while (home.size() > 1 && home.back() == '/') home.pop_back();
    return home;
  }
  const std::string folder = parent(own_path());
  constexpr std::string_view kIntegrations = "/integrations";
  if (folder.size() > kIntegrations.size() && folder.ends_with(kIntegrations)) {
    return parent(folder);
  }
  return "/var/ossec";
}

std::string own_name() {
  const std::string& path = own_path();
  return path.substr(path.rfind('/') + 1);
}

}  // namespace socbridge::wazuh
