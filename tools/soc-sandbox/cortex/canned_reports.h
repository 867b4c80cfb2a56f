// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "soc-sandbox/cortex/analyzers.h"

namespace socbridge::sandbox::cortex {

// How the analyzers treat an observable, by its value alone (docs/sandbox.md).
enum class Nature {
  harmless,
  suspicious,
  malicious,
  api_error,  // the service behind the analyzer refuses: Success without taxonomies
  no_output,  // the container ended without a report
  silent,     // the process ended without output
  crash,      // the runner fails, and the job shows its complete input, including a key
  stuck,      // stays InProgress for ever
  slow,       // takes ten times as long
};
Nature nature_of(std::string_view data_type, std::string_view value);

// The result of a job.
struct Finding {
  bool success = true;
  std::string report;  // JSON object as in GET /api/job/{id}/report
  std::string error;   // of a failure; may be empty
  std::string input;   // of a failure: the input of the analyzer, as JSON
};

struct Question {
  std::string data_type, value;  // of a file: its name
  std::int64_t size = 0;         // of a file
  int tlp = 2, pap = 2;
  std::string message = {}, parameters = "{}";
  std::string analyzer = {};  // base name of the analyzer
};
Finding analyse(const Analyzer& analyzer, const Question& question);

// The key in the input of a crash. Tests check that it is not in other places.
inline constexpr std::string_view kLeakedKey = "sandbox-leaked-api-key-7f3a";

}  // namespace socbridge::sandbox::cortex
