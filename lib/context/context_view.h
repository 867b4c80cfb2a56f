// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"
#include "opencti/context.h"
#include "term/terminal.h"

namespace socbridge::context {

// Output formats of a context. Each escapes the texts of feeds.

// One JSON object: `value`, `type`, `given`, `known`, `state` (`known`; `revoked`: all indicators
// are; `not known`; `not asked`: see `error`), `observables`, `indicators`, `threats` (with
// `direction`), `reports`.
std::string to_json(const opencti::Context& context, UnixMillis now_ms);

// A tree for terminals, with the value at its root; with colours if supported.
std::string to_tree(const opencti::Context& context, UnixMillis now_ms,
                    const term::Terminal& terminal);

// Markdown with one heading per value. Equal input gives equal text.
std::string to_markdown(const opencti::Context& context, UnixMillis now_ms);

// A summary for one line: highest score or empty, threat names, technique ids, labels, markings,
// each joined by commas.
struct Summary {
  std::string score, threats, techniques, labels, markings;
};
Summary summarise(const opencti::Context& context);

}  // namespace socbridge::context
