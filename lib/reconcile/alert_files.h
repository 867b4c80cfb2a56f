// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::reconcile {

// One file of alerts.
struct AlertFile {
  std::string path;
  std::uint64_t device = 0, inode = 0;
  std::uint64_t bytes = 0;  // on disk, after compression
  bool live = false;        // Wazuh may still write to it: its last line may be torn
  bool regular = true;      // else a pipe or similar, which can be read once only
};

// The time range; a missing bound is open. `until` is exclusive.
struct Window {
  std::optional<UnixMillis> since, until;
  bool holds(UnixMillis time) const {
    return (!since || time >= *since) && (!until || time < *until);
  }
};

// The files that may have alerts of the window, oldest first. `from` is a file or a folder:
//  - `logs/alerts` of Wazuh, or one of its year or month folders (docs/protocols/wazuh.md,
//    "Alert files"): alerts.json and YYYY/Mon/ossec-alerts-DD[-NNN].json[.gz]. alerts.json is a
//    second name of the day file, so files are identified by device and inode and never listed
//    twice. If a day exists both plain and compressed, gzip was interrupted: the plain one is
//    complete. Days are local while alerts have a time zone, so a day's file also counts for the
//    day before and after.
//  - any other folder: its *.json, *.jsonl, *.ndjson files, also .gz, by time of change.
// archives.json and ossec-archive-* are left out: they have events, not alerts. Folders are
// searched three levels deep; links to folders are not followed. Skipped paths that may have alerts
// are added to `skipped` if it is given, one line each: a link to a folder or a dangling link,
// a folder that is too deep, a file with another compression. Errors (bad_input): `from` does not
// exist or cannot be listed, or has no file of alerts at all.
Result<std::vector<AlertFile>> find_alert_files(Env& env, const std::string& from,
                                                const Window& window,
                                                std::vector<std::string>* skipped = nullptr);

}  // namespace socbridge::reconcile
