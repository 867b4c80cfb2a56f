// SPDX-License-Identifier: Apache-2.0
// Bytes as an ossec.conf: blocks or one line that names no content.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/text.h"
#include "wazuh/block_filter.h"
#include "wazuh/command_line.h"
#include "wazuh/ossec_conf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  Env& env = Env::real();
  const Fd file(memfd_create("ossec.conf", MFD_CLOEXEC));
  if (!file.valid()) std::abort();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!env.write_all(file.get(), text).ok()) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  const auto indexer = wazuh::read_indexer(env, path);
  const auto blocks = wazuh::read_integrations(env, path);
  if (indexer.ok() != blocks.ok()) std::abort();
  if (indexer.ok() && !indexer->present && !indexer->hosts.empty()) std::abort();
  if (!blocks.ok()) {
    const std::string line = blocks.status().line();
    if (line.empty() || line.size() > 500 || printable(line, SIZE_MAX) != line) std::abort();
    return 0;
  }
  for (const wazuh::IntegrationBlock& block : *blocks) {
    if (block.timeout_s < 0 || block.timeout_s > 3600) std::abort();
    if (block.retries < 0 || block.api_key.reveal().size() > size) std::abort();
    for (const wazuh::FilterRemark& remark : wazuh::BlockFilter(block).remarks()) {
      if (!block.has(remark.element) || remark.message.empty()) std::abort();
    }
    const auto words = wazuh::command_line_of(block);
    if (words && (words->empty() || words->size() > 8)) std::abort();
  }
  return 0;
}
