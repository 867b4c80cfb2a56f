// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/event_id.h"

#include "base/text.h"

namespace socbridge::opencti {

std::string EventId::text() const { return std::to_string(ms) + "-" + std::to_string(n); }

std::optional<EventId> EventId::parse(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto ms = parse_u64(text.substr(0, dash));
  const auto n = parse_u64(text.substr(dash + 1));
  if (!ms || !n) return std::nullopt;
  return EventId{*ms, *n};
}

}  // namespace socbridge::opencti
