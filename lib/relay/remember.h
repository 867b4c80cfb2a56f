#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "thehive/client.h"

namespace socbridge::relay {

// The server version of each destination, so that it is not asked for every alert. One small file
// per URL in the spool's state folder: `thehive-<12 hex of SHA-256(url)>`, one line
// `socbridge-version 1 <4|5> <unix ms> <version text>`. It may be lost at any time; a damaged one
// counts as missing. Everything here is optional: errors mean "not remembered".
class VersionMemory {
 public:
  // `dir` empty: nothing is remembered.
  VersionMemory(Env& env, std::string dir, std::string_view url);

  // What was remembered less than 24 hours ago (an upgrade is noticed in a day).
  std::optional<thehive::ApiVersion> recall(UnixMillis now_ms) const;
  void remember(const thehive::Client::VersionInfo& info, UnixMillis now_ms);
  void forget();

 private:
  Env& env_;
  std::string dir_;
  std::string path_;
};

}  // namespace socbridge::relay
