// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "base/env.h"
#include "grouping/group.h"
#include "reconcile/line_reader.h"
#include "scratch.h"

using namespace socbridge;

namespace {

// Whatever the file contains, lines are consecutive and none is over the limit.
void lines(std::string_view bytes) {
  const int fd = memfd_create("alerts", MFD_CLOEXEC);
  fuzz::require(fd >= 0 &&
                write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  constexpr std::size_t kMaxLine = 64;
  auto reader =
      reconcile::LineReader::open(Env::real(), "/proc/self/fd/" + std::to_string(fd), kMaxLine);
  if (reader.ok()) {
    std::uint64_t at = 0;
    reconcile::LineReader::Line line;
    bool whole = true;
    while (true) {
      const auto more = reader->next(line);
      if (!more.ok() || !*more) break;
      fuzz::require(whole && line.begin == at && line.end > line.begin);
      fuzz::require(line.text.size() <= kMaxLine && line.text.find('\n') == std::string_view::npos);
      fuzz::require(line.too_long ||
                    line.text.size() + (line.whole ? 1 : 0) == line.end - line.begin);
      at = line.end;
      whole = line.whole;
    }
    const bool packed = bytes.starts_with("\x1f\x8b");
    fuzz::require(packed || at == bytes.size());
  }
  close(fd);
}

// A description comes from the server, and any user may have edited it.
void seen_line(std::string_view text) {
  static const std::string kLine = "**Seen again:** 7 times, last X. Alerts: a, b";
  const std::string once = grouping::with_seen_line(text, kLine);
  fuzz::require(grouping::read_seen_line(once).seen == 7);
  fuzz::require(grouping::with_seen_line(once, kLine) == once);
  static_cast<void>(grouping::read_seen_line(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lines(bytes);
  seen_line(bytes);
  return 0;
}
