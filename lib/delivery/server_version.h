// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "integration/settings.h"
#include "thehive/client.h"

namespace socbridge::delivery {

// Caches the server version of each destination, so that it is not queried for every alert. One
// small file per URL in the spool's state folder: `thehive-<12 hex of SHA-256(url)>`, one line
// `socbridge-version 1 <4|5> <unix ms> <version text>`. It may be lost at any time; a damaged one
// counts as missing. Errors mean "not cached".
class ServerVersionCache {
 public:
  // `dir` empty: nothing is cached. The file is not read again for `trust_ms` after it was read.
  ServerVersionCache(Env& env, std::string dir, std::string_view url, std::int64_t trust_ms = 0);

  // The cache for the settings' server. A cached version takes precedence over a configured one.
  // `dir`: the spool's state folder.
  static ServerVersionCache of(Env& env, const std::string& dir,
                               const integration::Settings& settings, std::int64_t trust_ms = 0);

  // The version stored less than 24 hours ago, so that an upgrade is noticed within a day.
  std::optional<thehive::ApiVersion> recall(UnixMillis now_ms) const;
  void store(const thehive::Client::VersionInfo& info, UnixMillis now_ms);
  void forget();

 private:
  std::optional<thehive::ApiVersion> read(UnixMillis now_ms) const;
  Env& env_;
  std::string dir_;
  std::string path_;
  std::int64_t trust_ms_;
  mutable std::int64_t trusted_until_ms_ = 0;  // monotonic
  mutable std::optional<thehive::ApiVersion> read_;
};

}  // namespace socbridge::delivery
