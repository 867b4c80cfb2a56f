// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/env.h"
#include "integration/destination_settings.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::integration {

// Finds the settings, key included, with which a waiting entry is delivered: the spool holds no
// keys. They come from the configuration file and from the <integration> block of ossec.conf that
// handed the entry over: the one of its name and URL (of several the one with the same options),
// else the only one of its name, so that a corrected URL applies to what is waiting. ossec.conf is
// only read. The destination is the entry's, whatever the rules say by now; if the configuration
// does not have it any more, that is an error. Thread-safe.
class SettingsLookup {
 public:
  // Empty file names: HOME/etc/w2thive.json and HOME/etc/ossec.conf.
  SettingsLookup(Env& env, std::string home, std::string config_file = {},
                 std::string ossec_conf = {});

  // Errors are ExitCode::usage, one line: what is wrong in the configuration, or that no block and
  // no configuration gives URL and key. The answer is cached until refresh().
  Result<std::shared_ptr<const Settings>> of(const spool::Entry& entry);

  // What an alert is accepted with: filters, rules, caps, bounds. URL and key of the top-level
  // destination may be missing or wrong. Errors: those that concern every destination.
  Result<std::shared_ptr<const Settings>> for_intake(const spool::Entry& entry);

  // The destinations of an entry that was accepted as kUndecided, by the rules as they are now; of
  // any other its own. Errors as above, but for those of one destination.
  Result<std::vector<std::string>> destinations_of(const spool::Entry& entry);

  // The settings of all destinations for what would be accepted now, the top-level one first, with
  // what is wrong with each. Not cached.
  std::vector<DestinationSettings> all();
  // Those without an error.
  std::vector<std::shared_ptr<const Settings>> all_usable();

  // Whether the configuration names any besides the top-level one. Not cached.
  bool has_destinations();

  // Forgets what it has read if one of the files changed since (size, time or inode), key files
  // included; true if so.
  bool refresh();

  // Forgets what it has read, whether it changed or not.
  void forget();

 private:
  struct Stamp {
    std::uint64_t size = 0, inode = 0;
    std::int64_t mtime_ms = 0;
    bool operator==(const Stamp&) const = default;
  };
  Stamp stamp(const std::string& path) const;
  void watch(const std::string& path);
  Sources sources_for(const spool::Entry& entry);

  Result<std::shared_ptr<const Settings>> intake_settings(const spool::Entry& entry);

  void forget_all();

  std::mutex mutex_;  // held by the public members; the private ones are called under it
  Env& env_;
  std::string home_, config_file_, ossec_conf_;
  std::map<std::string, Stamp> watched_;
  std::map<std::string, Result<std::shared_ptr<const Settings>>> known_;
  std::map<std::string, Result<std::shared_ptr<const Settings>>> known_for_intake_;
};

}  // namespace socbridge::integration
