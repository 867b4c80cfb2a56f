// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "wazuh/invocation.h"

namespace socbridge::wazuh {
namespace {

std::string read_own_path() {
  constexpr std::size_t kSize = 4096;
  std::array<char, kSize> buffer{};
  const ssize_t n = readlink("/proc/self/exe", buffer.data(), buffer.size());
  std::string path =
      n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : std::string();
  // The kernel says so of a file that was replaced while it runs.
  constexpr std::string_view kReplaced = " (deleted)";
  if (path.ends_with(kReplaced)) path.resize(path.size() - kReplaced.size());
  return path;
}

// Read once: each reading costs as much as opening a file.
const std::string& own_path() {
  static const std::string path = read_own_path();
  return path;
}

std::string parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  return path.substr(0, slash);
}

}  // namespace

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
