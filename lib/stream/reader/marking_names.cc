// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/marking_names.h"

namespace socbridge::stream {

void MarkingNames::take(const opencti::StreamEvent& event) {
  constexpr std::size_t kMost = 10000;
  const json::Value data = event.data();
  if (data["type"].string_or_empty() != "marking-definition") return;
  const auto id = data["id"].string();
  const auto name = data["name"].string();
  if (!id || !name || (names_.size() >= kMost && !names_.contains(*id))) return;
  names_[std::string(*id)] = *name;
}

void MarkingNames::name(StreamMatch& match) const {
  for (std::string& marking : match.markings) {
    if (const auto named = names_.find(marking); named != names_.end()) marking = named->second;
  }
}

}  // namespace socbridge::stream
