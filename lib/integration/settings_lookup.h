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

// Finds the settings, key included, for the delivery of a waiting entry; the spool has no keys.
// They come from the configuration file and from the <integration> block of ossec.conf that passed
// the entry: the block of its name and URL (among several, the one with the same options), else the
// only block of its name, so that a corrected URL applies to waiting entries. ossec.conf is only
// read. The destination is that of the entry, independent of the current rules; it is an error if
// the configuration no longer has it. Thread-safe.
class SettingsLookup {
 public:
  // Empty file names: HOME/etc/w2thive.json and HOME/etc/ossec.conf.
  SettingsLookup(Env& env, std::string home, std::string config_file = {},
                 std::string ossec_conf = {});

  // Errors: usage, one line: an error of the configuration, or no block and no configuration has
  // URL and key. The result is cached until refresh().
  Result<std::shared_ptr<const Settings>> of(const spool::Entry& entry);

  // The settings for accepting an alert: filters, rules, caps, limits. URL and key of the top-level
  // destination may be missing or wrong. Errors: those that affect every destination.
  Result<std::shared_ptr<const Settings>> for_intake(const spool::Entry& entry);

  // The destinations of an entry that was accepted as kUndecided, by the current rules; for any
  // other entry its own. Errors as above, except those of single destinations.
  Result<std::vector<std::string>> destinations_of(const spool::Entry& entry);

  // The settings of all destinations for newly accepted alerts, the top-level one first, each with
  // its errors. Not cached.
  std::vector<DestinationSettings> all();
  // Those without an error.
  std::vector<std::shared_ptr<const Settings>> all_usable();

  // Whether the configuration has destinations besides the top-level one. Not cached.
  bool has_destinations();

  // Clears the cache if a file (key files included) changed in size, time or inode; true if so.
  bool refresh();

  // Clears the cache.
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
