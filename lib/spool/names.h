// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string_view>

namespace socbridge::spool {

inline constexpr std::string_view kEntrySuffix = ".alert";
inline constexpr std::string_view kReasonSuffix = ".reason";

inline constexpr mode_t kFileMode = 0600;
// Mode of an entry that never had a reason, so that the first delivery need not look for one.
inline constexpr mode_t kUntouchedMode = 0400;

// Added to the mode of an entry while a request for it may have been acted on: an earlier attempt
// may have created the alert.
inline constexpr mode_t kSentBit = 0100;

// 13 digits of milliseconds, a hyphen, 16 hex digits: an id is never a path.
inline bool is_id(std::string_view id) {
  constexpr std::size_t kLength = 30;
  return id.size() == kLength && id[13] == '-' &&
         id.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

// The id in an entry's file name; empty for other files.
inline std::string_view id_of(std::string_view name, std::string_view suffix = kEntrySuffix) {
  if (!name.ends_with(suffix)) return {};
  name.remove_suffix(suffix.size());
  return is_id(name) ? name : std::string_view();
}

}  // namespace socbridge::spool
