// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "opencti/stream/stream_event.h"
#include "stream/match.h"

namespace socbridge::stream {

// Names of the markings that a stream has shown: the platform sends each before the first thing
// that has it. At most 10,000. Not thread-safe.
class MarkingNames {
 public:
  // Takes the marking that the event is about, if it is about one.
  void take(const opencti::StreamEvent& event);
  // Puts names in the places of STIX ids, where they are known.
  void name(StreamMatch& match) const;

 private:
  std::map<std::string, std::string, std::less<>> names_;  // by STIX id, as they came
};

}  // namespace socbridge::stream
