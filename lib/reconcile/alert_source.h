// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"

namespace socbridge::reconcile {

// One alert that Wazuh fired, as it was written.
struct SourceAlert {
  std::string_view raw;  // valid until the next call of the source
  std::string place;     // for people: file and offset, or index and document
};

// What a source passed over. None of it can be compared with TheHive, so all of it is reported.
struct Unread {
  std::uint64_t too_long = 0;         // lines over the limit of their length
  std::vector<std::string> failures;  // one line per file that could not be read to its end
};

// How far a source is, in units of its own (bytes of files).
struct Reading {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: not known
};

// Where fired alerts are read from, in the order they were fired, more or less. The rest of
// lib/reconcile knows nothing else about it: files today, the indexer later.
class AlertSource {
 public:
  virtual ~AlertSource() = default;

  // The next alert. False at the end. An error of a part (a file, an index) is noted in unread()
  // and the next part follows; a Status is for what leaves nothing to read.
  virtual Result<bool> next(SourceAlert& out) = 0;

  // Resume points as one JSON object, which only the same kind of source understands: before the
  // alert that next() gave last, and behind it.
  virtual std::string position_before() const = 0;
  virtual std::string position_after() const = 0;

  virtual Unread unread() const = 0;
  virtual Reading reading() const = 0;
  // For the report: "3 files below /var/ossec/logs/alerts".
  virtual std::string description() const = 0;
};

}  // namespace socbridge::reconcile
