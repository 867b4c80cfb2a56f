// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"

namespace socbridge::reconcile {

// One alert of Wazuh, as written.
struct SourceAlert {
  std::string_view raw;  // valid until the next call of the source
  std::string place;     // for people: file and offset, or index and document
};

// What a source skipped. None of it can be compared with TheHive, so all of it is reported.
struct Unread {
  std::uint64_t too_long = 0;         // lines over the length limit
  std::vector<std::string> failures;  // one line per file that could not be read to its end
};

// The progress of a source, in its own unit (bytes of files).
struct Reading {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: unknown
};

// Reads fired alerts, roughly in the order of firing. Implementations: files, the indexer, or both
// combined.
class AlertSource {
 public:
  virtual ~AlertSource() = default;

  // The next alert. False at the end. The error of a part (a file, an index) is recorded in
  // unread() and the next part follows; a Status means that nothing is left to read.
  virtual Result<bool> next(SourceAlert& out) = 0;

  // Resume points as one JSON object for the same kind of source: before the alert that next()
  // returned last, and after it.
  virtual std::string position_before() const = 0;
  virtual std::string position_after() const = 0;

  virtual Unread unread() const = 0;
  virtual Reading reading() const = 0;
  // For the report: "3 files below /var/ossec/logs/alerts".
  virtual std::string description() const = 0;
};

}  // namespace socbridge::reconcile
