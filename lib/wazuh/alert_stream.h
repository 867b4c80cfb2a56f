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

// Longest line of a JSON Lines file. integratord stops at 64 KiB, alerts.json does not.
inline constexpr std::size_t kMaxAlertLine = std::size_t{8} << 20;

// Calls `on_alert(raw, line)` for each alert of a file, in order; `line` counts from 1. The file
// (`-`: standard input) may be one JSON alert over several lines, JSON Lines as in alerts.json, an
// array of alerts, an indexer's search answer (`hits.hits`), or several of them (a list, one per
// line, the `responses` of a multi-search); each also gzipped. JSON Lines are streamed: memory does
// not grow with the file. Empty lines are skipped. `raw` may be something else than an alert: see
// parse_wazuh_alert().
// The Status reports that alerts are missing (bad_input): a line longer than kMaxAlertLine, which
// is skipped; an incomplete search answer; an empty list; an empty input that is not a log of
// Wazuh. Other errors: unreadable, damaged gzip, interrupted.
Status for_each_alert(Env& env, const std::string& path,
                      const std::function<void(std::string_view raw, std::size_t line)>& on_alert);

// Alert::parse() for inputs that contain only alerts. Without a rule the error (bad_input) names
// the kind of document, such as an error of OpenSearch.
Result<Alert> parse_wazuh_alert(std::string_view raw);

}  // namespace socbridge::wazuh
