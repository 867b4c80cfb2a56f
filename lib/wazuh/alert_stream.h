// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"
#include "wazuh/alert.h"

namespace socbridge::wazuh {

// Longest line of a JSON Lines file that is taken; integratord itself stops at 64 KiB, alerts.json
// does not.
inline constexpr std::size_t kMaxAlertLine = std::size_t{8} << 20;

// Calls `on_alert(raw, line)` for each alert of a file, in order; `line` counts from 1. The file
// (`-` is standard input) may hold one JSON alert over several lines, JSON Lines as alerts.json
// does, an array of alerts, an indexer's search answer (`hits.hits`) or several of them (a list, a
// line each, the `responses` of a multi-search), each also gzipped. JSON Lines are streamed: memory
// does not grow with the file. Lines that are empty are passed over. What is given out need not be
// an alert: see parse_wazuh_alert().
// The Status at the end reports what proves that these are not all alerts (bad_input): a line
// longer than kMaxAlertLine, which is skipped; a search answer that is not complete; an empty list,
// and an empty input unless it is a log of Wazuh's. Errors: unreadable, damaged gzip, interrupted.
Status for_each_alert(Env& env, const std::string& path,
                      const std::function<void(std::string_view raw, std::size_t line)>& on_alert);

// Alert::parse() for an input where everything is an alert: what has no rule is an error
// (bad_input) that says what it is, such as OpenSearch's own error.
Result<Alert> parse_wazuh_alert(std::string_view raw);

}  // namespace socbridge::wazuh
