// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/match.h"

namespace socbridge::stream {

// The state that one of our comments gives for an observable and an indicator; from its last line.
struct Mark {
  std::string pair;  // 16 hex digits for observable and indicator
  std::string state;
  opencti::EventId event;
  std::string text() const;  // `socbridge:opencti:PAIR:STATE:EVENT`
};

// `thing`: OpenCTI's internal UUID, which does not change when a pattern is edited; the STIX id if
// there is none, and in comments of earlier versions.
std::string pair_of(std::string_view observable_id, std::string_view thing);
// The mark in a comment's last line; empty: not our comment.
std::optional<Mark> mark_of(std::string_view comment);

// The comment for an alert or case, in Markdown. All texts of OpenCTI are escaped. `dashboard` is
// the base URL of OpenCTI for the link, or empty. The mark is the last line.
std::string comment_text(const StreamMatch& match, std::string_view observable, const Mark& mark,
                         std::string_view dashboard);

// The comment marked as outdated by a newer one. Idempotent.
std::string superseded(std::string_view comment);
// The match without its content, but with its ids.
StreamMatch without_content(const StreamMatch& match);

// Tags for the observable: `opencti`, the labels as `opencti:LABEL`, and `opencti:STATE` for a
// withdrawn indicator.
std::vector<std::string> observable_tags(const StreamMatch& match);
// `opencti:STATE` of all states other than that of the match.
std::vector<std::string> stale_tags(const StreamMatch& match);

}  // namespace socbridge::stream
