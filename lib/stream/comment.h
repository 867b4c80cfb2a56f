// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/match.h"

namespace socbridge::stream {

// What one comment of ours says of one observable and one indicator; read from its last line.
struct Mark {
  std::string pair;  // 16 hex digits for observable and indicator
  std::string state;
  opencti::EventId event;
  std::string text() const;  // `socbridge:opencti:PAIR:STATE:EVENT`
};

// `thing`: OpenCTI's internal UUID, which stays when a pattern is edited; without one, and in
// comments of earlier versions, the STIX id.
std::string pair_of(std::string_view observable_id, std::string_view thing);
// The mark in a comment's last line; none: it is not ours.
std::optional<Mark> mark_of(std::string_view comment);

// The comment for an alert or case, in Markdown. Every text of OpenCTI is escaped. `dashboard` is
// the base URL of OpenCTI for the link, or empty. The mark is the last line.
std::string comment_text(const StreamMatch& match, std::string_view observable, const Mark& mark,
                         std::string_view dashboard);

// The same comment once another one says something newer. Again: unchanged.
std::string superseded(std::string_view comment);
// Says of the match only that it is not shown, and keeps the ids.
StreamMatch without_content(const StreamMatch& match);

// Tags for the observable: `opencti`, the labels as `opencti:LABEL`, and `opencti:STATE` of an
// indicator that is withdrawn.
std::vector<std::string> observable_tags(const StreamMatch& match);
// `opencti:STATE` of all states that no longer hold once the match does.
std::vector<std::string> stale_tags(const StreamMatch& match);

}  // namespace socbridge::stream
