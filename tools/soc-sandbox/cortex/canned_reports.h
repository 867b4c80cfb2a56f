// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "soc-sandbox/cortex/analyzers.h"

namespace socbridge::sandbox::cortex {

// What an observable is to the analyzers here, by its value alone (docs/sandbox.md).
enum class Nature {
  harmless,
  suspicious,
  malicious,
  api_error,  // the service behind the analyzer refuses: Success without taxonomies
  no_output,  // the container ended without a report
  silent,     // the process ended without a word
  crash,      // the runner fails, and the job shows its whole input, a key among it
  stuck,      // stays InProgress for ever
  slow,       // takes ten times as long
};
Nature nature_of(std::string_view data_type, std::string_view value);

// How a job ends.
struct Finding {
  bool success = true;
  std::string report;  // JSON object as GET /api/job/{id}/report gives it
  std::string error;   // of a failure; may be empty
  std::string input;   // of a failure: what the analyzer was given, as JSON
};

struct Question {
  std::string data_type, value;  // of a file: its name
  std::int64_t size = 0;         // of a file
  int tlp = 2, pap = 2;
  std::string message = {}, parameters = "{}";
  std::string analyzer = {};  // base name of the one that is asked
};
Finding analyse(const Analyzer& analyzer, const Question& question);

// The key that a crash shows. Tests look for it where it must not be.
inline constexpr std::string_view kLeakedKey = "sandbox-leaked-api-key-7f3a";

}  // namespace socbridge::sandbox::cortex
