// SPDX-License-Identifier: Apache-2.0
#include "cortex/refused_levels.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;
constexpr mode_t kFileMode = 0600, kFolderMode = 0700;
constexpr std::string_view kTlpRefused = "TLP is higher", kPapRefused = "PAP is higher";

std::string line_of(UnixMillis now, const char* what, int level, const char* how) {
  return std::to_string(now) + " " + what + " " + std::to_string(level) + " " + how + "\n";
}

void apply(std::string_view line, UnixMillis now, RefusedLevels::Limits& limits) {
  const auto words = split(line, ' ');
  if (words.size() != 4) return;
  const auto at = parse_u64(words[0]);
  const auto level = parse_u64(words[2]);
  constexpr std::uint64_t kHighest = 3;
  if (!at || !level || *level > kHighest) return;
  // A time further ahead was written with a wrong clock.
  const auto written = static_cast<UnixMillis>(*at);
  if (written <= now - RefusedLevels::kCountsMs || written > now + RefusedLevels::kCountsMs) return;
  const bool known =
      (words[1] == "tlp" || words[1] == "pap") && (words[3] == "refused" || words[3] == "taken");
  if (!known) return;
  int& most = words[1] == "pap" ? limits.max_pap : limits.max_tlp;
  const int given = static_cast<int>(*level);
  if (words[3] == "taken") {
    if (most >= 0 && most < given) most = -1;
  } else if (given > 0) {
    most = most < 0 ? given - 1 : std::min(most, given - 1);
  }
}

}  // namespace

bool is_level_refusal(std::string_view error) {
  return error.starts_with(kTlpRefused) || error.starts_with(kPapRefused);
}

std::string RefusedLevels::Limits::why_not(int tlp, int pap) const {
  const bool by_tlp = max_tlp >= 0 && tlp > max_tlp;
  if (!by_tlp && (max_pap < 0 || pap <= max_pap)) return {};
  return std::string(by_tlp ? "TLP " : "PAP ") + std::to_string(by_tlp ? tlp : pap) +
         " was refused as higher than allowed";
}

RefusedLevels::Limits RefusedLevels::limits(const std::string& key, UnixMillis now) {
  Limits out;
  const std::string file = folder_ + "/" + key + ".levels";
  if (!env_.stat(file).ok()) return out;
  const auto text = env_.read_file(file, kMaxFile);
  if (!text.ok()) return out;
  for (const std::string_view line : split(*text, '\n')) apply(line, now, out);
  return out;
}

Status RefusedLevels::learn(const std::string& key, std::string_view error, int tlp, int pap,
                            UnixMillis now) {
  const Limits known = limits(key, now);
  if (error.starts_with(kTlpRefused)) {
    if (tlp <= 0 || (known.max_tlp >= 0 && known.max_tlp < tlp)) return {};
    return append(key, line_of(now, "tlp", tlp, "refused"));
  }
  if (error.starts_with(kPapRefused)) {
    if (pap <= 0 || (known.max_pap >= 0 && known.max_pap < pap)) return {};
    return append(key, line_of(now, "pap", pap, "refused"));
  }
  // Any other result shows that the levels were accepted.
  std::string lines;
  if (tlp >= 0 && known.max_tlp >= 0 && known.max_tlp < tlp) {
    lines += line_of(now, "tlp", tlp, "taken");
  }
  if (pap >= 0 && known.max_pap >= 0 && known.max_pap < pap) {
    lines += line_of(now, "pap", pap, "taken");
  }
  return lines.empty() ? Status() : append(key, lines);
}

Status RefusedLevels::append(const std::string& key, const std::string& lines) {
  if (const Status made = env_.make_dirs(folder_, kFolderMode); !made.ok()) return made;
  const auto fd = env_.open_append(folder_ + "/" + key + ".levels", kFileMode);
  if (!fd.ok()) return fd.status();
  return env_.write_once(fd->get(), lines);
}

}  // namespace socbridge::cortex
