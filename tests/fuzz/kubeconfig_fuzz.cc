// SPDX-License-Identifier: Apache-2.0
// Bytes as a kubeconfig.
#include <cstdint>
#include <string_view>

#include "base/env.h"
#include "kubernetes/kubeconfig.h"
#include "scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // It would be opened.
  if (bytes.find("tokenFile") != bytes.npos) return 0;
  const fuzz::MemoryFile file(bytes);
  const auto cluster = kubernetes::read_kubeconfig(Env::real(), file.path());
  if (!cluster.ok()) {
    fuzz::require(!cluster.status().message().empty());
    return 0;
  }
  fuzz::require(!cluster->server.empty());
  fuzz::require(!cluster->token.empty() || !cluster->cert_file.empty());
  return 0;
}
