// SPDX-License-Identifier: Apache-2.0
#include "health/job_error.h"

#include <array>

namespace socbridge::health {

std::string job_error(std::string_view error) {
  struct Known {
    std::string_view text, meaning;
  };
  constexpr std::array<Known, 6> kKnown = {
      {{"no output", "its container wrote no output: a crash, a wrong mount or too little memory"},
       {"Worker cannot be run", "no runner can start it: image, Docker socket or volume claim"},
       {"TLP is higher", "its TLP is above what the analyzer may see"},
       {"PAP is higher", "its PAP is above what the analyzer may see"},
       {"datatype is not supported", "the analyzer does not accept that type"},
       {"Missing", "the analyzer lacks a setting, such as its API key"}}};
  for (const Known& known : kKnown) {
    if (error.find(known.text) != std::string_view::npos) return std::string(known.meaning);
  }
  if (error.empty()) return "it gave no reason; see the log of its container or process";
  return "see socctl cortex job show";
}

}  // namespace socbridge::health
