// SPDX-License-Identifier: Apache-2.0
// Arguments separated by NUL bytes, as in /proc/PID/cmdline.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "wazuh/invocation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> args;
  if (!text.empty()) args = split(text, '\0');
  const wazuh::Invocation invocation = wazuh::parse_invocation(args);
  if (invocation.timeout_s < 1 || invocation.timeout_s > 3600) std::abort();
  for (const std::string& remark : invocation.remarks) {
    if (remark.size() > 300 || printable(remark, SIZE_MAX) != remark) std::abort();
  }
  return 0;
}
