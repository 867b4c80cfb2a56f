// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "observable/detect.h"

namespace socbridge::cortex {

// Observables out of a list that people and programs write. The format is detected from the
// content:
//   lines       one value each; blank lines and `# comments` are skipped
//   CSV         a header line, which may be a comment, that names a column as list_columns.h says
//   JSON Lines  texts, or objects with `data` or `value` and perhaps `dataType` or `type`; also one
//               array of them, a STIX bundle, an event of MISP, a pulse of OTX; there `line` counts
//               the elements of lists
// UTF-8, or UTF-16 with a byte order mark. A line may hold several values with commas between them,
// and a note behind ` #` or ` ;`. Types may be
// words of MISP, OTX or STIX in any case (`ip-dst`, `FileHash-MD5`, `filename|sha256`); what an
// unknown one means, the value says.
// `type`: for values without one of their own; `auto` detects it.
// A line without a type, neither its own nor by `type`, that detection does not recognise is no
// observable: prose, or a line of another format such as YAML.
// A line that gives none is reported and skipped. `line` counts from 1.
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
