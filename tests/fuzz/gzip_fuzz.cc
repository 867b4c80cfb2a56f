// SPDX-License-Identifier: Apache-2.0
// Bytes as an optionally gzipped file of alerts, through zlib, the line finder and the list finder.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/env.h"
#include "scratch.h"
#include "wazuh/alert_stream.h"
#include "wazuh/input_file.h"

namespace {

using namespace socbridge;

// The complete content, up to the limit of this test.
std::string content(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{8} << 20;
  std::string out;
  auto source = wazuh::InputFile::open(Env::real(), path);
  if (!source.ok()) return out;
  while (out.size() < kMost) {
    const auto more = source->more(out);
    if (!more.ok() || !*more) break;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const fuzz::MemoryFile file(bytes);
  const std::string all = content(file.path());
  if (!bytes.starts_with("\x1f\x8b")) fuzz::require(all == bytes);
  std::size_t given = 0;
  std::size_t last = 0;
  const Status read =
      wazuh::for_each_alert(Env::real(), file.path(), [&](std::string_view raw, std::size_t line) {
        given += raw.size();
        fuzz::require(line > last && raw.size() <= wazuh::kMaxAlertLine + all.size());
        last = line;
      });
  fuzz::require(given <= all.size() + 1 || !read.ok());
  return 0;
}
