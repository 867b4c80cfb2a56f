// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "opencti/stream/stream_event.h"
#include "stream/match.h"

namespace socbridge::stream {

// Names of the markings seen on a stream: the platform sends each before the first object with it.
// At most 10,000. Not thread-safe.
class MarkingNames {
 public:
  // Stores the marking of the event, if it is one.
  void take(const opencti::StreamEvent& event);
  // Replaces STIX ids by names, where known.
  void name(StreamMatch& match) const;

 private:
  std::map<std::string, std::string, std::less<>> names_;  // by STIX id, as received
};

}  // namespace socbridge::stream
