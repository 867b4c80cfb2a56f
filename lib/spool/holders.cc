#include "spool/holders.h"

#include <vector>

#include "base/text.h"

namespace socbridge::spool {

// `12: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF`; who waits for a lock has `->` before FLOCK.
std::unordered_set<std::uint64_t> parse_locks(std::string_view text) {
  std::unordered_set<std::uint64_t> inodes;
  for (const std::string_view line : split(text, '\n')) {
    std::vector<std::string_view> words;
    for (const std::string_view word : split(line, ' ')) {
      if (!word.empty()) words.push_back(word);
    }
    if (words.size() < 6 || words[1] != "FLOCK") continue;
    const std::size_t colon = words[5].rfind(':');
    if (colon == std::string_view::npos) continue;
    if (const auto inode = parse_u64(words[5].substr(colon + 1))) inodes.insert(*inode);
  }
  return inodes;
}

std::unordered_set<std::uint64_t> locked_inodes(Env& env) {
  constexpr std::size_t kMax = std::size_t{16} << 20;
  const auto text = env.read_file("/proc/locks", kMax);
  return text.ok() ? parse_locks(*text) : std::unordered_set<std::uint64_t>();
}

}  // namespace socbridge::spool
