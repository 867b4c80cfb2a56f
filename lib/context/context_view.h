// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"
#include "opencti/context.h"
#include "term/terminal.h"

namespace socbridge::context {

// The forms of a context. Texts of feeds are made harmless in each of them.

// One JSON object: `value`, `type`, `given`, `known`, `state` (`known`, `revoked`: all indicators
// are; `not known`; `not asked`: `error` says why), `observables`, `indicators`, `threats` (with
// `direction`), `reports`.
std::string to_json(const opencti::Context& context, UnixMillis now_ms);

// A tree for people, with the value at its root; colours if the terminal has them.
std::string to_tree(const opencti::Context& context, UnixMillis now_ms,
                    const term::Terminal& terminal);

// Markdown with one heading a value. The same knowledge always gives the same text.
std::string to_markdown(const opencti::Context& context, UnixMillis now_ms);

// Short words about it, for a line: highest score or empty, threat names, technique ids, labels,
// markings, each joined by commas.
struct Summary {
  std::string score, threats, techniques, labels, markings;
};
Summary summarise(const opencti::Context& context);

}  // namespace socbridge::context
