// SPDX-License-Identifier: Apache-2.0
#include "delivery/server_version.h"

#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/text.h"
#include "hash/digest.h"

namespace socbridge::delivery {
namespace {

constexpr std::string_view kMagic = "socbridge-version";
constexpr std::string_view kFormat = "1";
constexpr UnixMillis kValidMs = UnixMillis{24} * 60 * 60 * 1000;
constexpr std::size_t kMaxBytes = 256;
constexpr mode_t kMode = 0600;

// The text comes from the server and may be hostile.
std::string tame_version(std::string_view text) {
  constexpr std::size_t kMaxVersion = 40;
  std::string out;
  for (const char c : text) {
    const bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '.' || c == '-';
    if (fine && out.size() < kMaxVersion) out += c;
  }
  return out.empty() ? "unknown" : out;
}

}  // namespace

ServerVersionCache::ServerVersionCache(Env& env, std::string dir, std::string_view url,
                                       std::int64_t trust_ms)
    : env_(env), dir_(std::move(dir)), trust_ms_(trust_ms) {
  constexpr std::size_t kDigits = 12;
  if (!dir_.empty()) path_ = dir_ + "/thehive-" + sha256_hex(url).substr(0, kDigits);
}

ServerVersionCache ServerVersionCache::of(Env& env, const std::string& dir,
                                          const integration::Settings& settings,
                                          std::int64_t trust_ms) {
  return {env, dir, settings.endpoint.url, trust_ms};
}

std::optional<thehive::ApiVersion> ServerVersionCache::recall(UnixMillis now_ms) const {
  if (trust_ms_ == 0) return read(now_ms);
  const std::int64_t now = steady_now_ms();
  if (now >= trusted_until_ms_) {
    read_ = read(now_ms);
    trusted_until_ms_ = now + trust_ms_;
  }
  return read_;
}

std::optional<thehive::ApiVersion> ServerVersionCache::read(UnixMillis now_ms) const {
  if (dir_.empty()) return {};
  const auto text = env_.read_file(path_, kMaxBytes);
  if (!text.ok() || !text->ends_with('\n')) return {};
  const std::vector<std::string_view> words = split(trim(*text), ' ');
  if (words.size() != 5 || words[0] != kMagic || words[1] != kFormat) return {};
  const auto at = parse_u64(words[3]);
  if (!at || now_ms < 0) return {};
  const auto now = static_cast<std::uint64_t>(now_ms);
  // A time in the future means that the clock was set back: its age is unknown.
  if (*at > now || now - *at >= static_cast<std::uint64_t>(kValidMs)) return {};
  if (words[2] == "4") return thehive::ApiVersion::v4;
  if (words[2] == "5") return thehive::ApiVersion::v5;
  return {};
}

void ServerVersionCache::store(const thehive::Client::VersionInfo& info, UnixMillis now_ms) {
  trusted_until_ms_ = 0;
  if (dir_.empty()) return;
  std::string line(kMagic);
  line.append(" ").append(kFormat).append(info.api == thehive::ApiVersion::v4 ? " 4 " : " 5 ");
  line += std::to_string(now_ms) + ' ' + tame_version(info.version) + '\n';
  const std::string temporary = path_ + "." + std::to_string(::getpid()) + ".tmp";
  auto fd = env_.create_new(temporary, kMode);
  if (!fd.ok()) {
    // Left by a killed process with the same pid. The next alert tries again.
    if (fd.status().sys_errno() == EEXIST) static_cast<void>(env_.unlink(temporary));
    return;
  }
  if (!env_.write_all(fd->get(), line).ok() || !env_.rename(temporary, path_).ok()) {
    static_cast<void>(env_.unlink(temporary));
  }
}

void ServerVersionCache::forget() {
  trusted_until_ms_ = 0;
  if (!dir_.empty()) static_cast<void>(env_.unlink(path_));
}

}  // namespace socbridge::delivery
