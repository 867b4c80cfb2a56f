// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "observable/detect.h"

namespace socbridge::cortex {

// Reads observables from a list. The format is detected from the content:
//   lines       one value each; blank lines and `# comments` are skipped
//   CSV         a header line, which may be a comment, with a column as in list_columns.h
//   JSON Lines  texts, or objects with `data` or `value` and perhaps `dataType` or `type`; also one
//               array of them, a STIX bundle, an event of MISP, a pulse of OTX; there `line` counts
//               the elements of lists
// The text is UTF-8, or UTF-16 with a byte order mark. A line may have several values, separated by
// commas, and a note after ` #` or ` ;`. Types may be words of MISP, OTX or STIX in any case
// (`ip-dst`, `FileHash-MD5`, `filename|sha256`); for an unknown word the type is detected from the
// value.
// `type`: for values without a type of their own; `auto` detects it.
// A line without a type, its own or by `type`, whose value is not recognised is not an observable:
// prose, or a line of another format such as YAML. A line without an observable is reported and
// skipped. `line` counts from 1.
struct InputError {
  std::size_t line = 0;
  Status status;
};
struct Input {
  std::vector<observable::Observable> observables;  // each once, in order
  std::vector<InputError> errors;
  std::size_t repeated = 0;
};
// Error (bad_input): more than a million values.
Result<Input> read_input(std::string_view text, std::string_view type);

}  // namespace socbridge::cortex
