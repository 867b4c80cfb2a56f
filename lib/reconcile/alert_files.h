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
  std::uint64_t bytes = 0;  // on disk, compressed if it is
  bool live = false;        // Wazuh may be writing to it: its last line may be torn
  bool regular = true;      // else a pipe or the like, which is read once only
};

// Which times are asked for; a missing bound is open. `until` is not part of it.
struct Window {
  std::optional<UnixMillis> since, until;
  bool holds(UnixMillis time) const {
    return (!since || time >= *since) && (!until || time < *until);
  }
};

// The files that may hold alerts of the window, oldest first. `from` is a file or a folder:
//   - `logs/alerts` of Wazuh, one of its year or month folders (docs/protocols/wazuh.md, "Alert
//   files"): alerts.json and
//     YYYY/Mon/ossec-alerts-DD[-NNN].json[.gz]. alerts.json is the day file's second name, so a
//     file is known by device and inode and never listed twice. Where a day is there both plain and
//     compressed, gzip was interrupted: the plain one is whole. Days are local while alerts carry
//     their zone, so a day's file is taken for a day before and after it.
//   - any other folder: its *.json, *.jsonl, *.ndjson files, also .gz, by time of change.
// archives.json and ossec-archive-* are left out: they hold events, not alerts. Folders are
// followed three deep, links to folders are not. What may hold alerts and is not among the files is
// added to `passed_over`, if that is given, a line each: a link to a folder or to nothing, a folder
// that is too deep, a file that is compressed otherwise. Errors: `from` is not there or cannot be
// listed (bad_input), it holds no file of alerts at all (bad_input).
Result<std::vector<AlertFile>> find_alert_files(Env& env, const std::string& from,
                                                const Window& window,
                                                std::vector<std::string>* passed_over = nullptr);

}  // namespace socbridge::reconcile
