// SPDX-License-Identifier: Apache-2.0
// Bytes as a spool entry: whatever decodes must encode to the same bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "spool/spool.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socbridge;
  const auto entry = spool::decode(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!entry.ok()) return 0;
  const auto again = spool::decode(spool::encode(*entry));
  if (!again.ok() || again->alert != entry->alert || again->hook_url != entry->hook_url)
    std::abort();
  return 0;
}
