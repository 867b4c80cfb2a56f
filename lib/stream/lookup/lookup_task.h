// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge::stream {

// A value to look up in OpenCTI. A line of a journal.
struct LookupTask {
  std::string data_type, data;  // TheHive's
  std::uint64_t observable = 0;
  std::int64_t tries = 0;  // failed tries in which lookups of others succeeded

  std::string json() const;
  static Result<LookupTask> read(std::string_view json);
};

}  // namespace socbridge::stream
