// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "receive/body_format.h"

namespace socbridge::receive {

inline constexpr std::size_t kMostAlerts = 1000;  // per body

// The alerts in the body of a webhook, each as JSON for wazuh::Alert::parse(). Formats, detected
// from the content (docs/receive.md, "What it takes"):
//   - an alert of Wazuh 4, a finding of Wazuh 5, each also with the indexer's `_index` and `_id`;
//   - `sample_documents` of OpenSearch's Alerting, and objects with them (`ctx`, `alerts`);
//   - search answers, lists of any of these, JSON Lines;
//   - Shuffle's `all_fields`, an event of Graylog, and configured formats;
//   - any other object.
// Errors (bad_input): not JSON, no alert, more than kMostAlerts. Thread safe.
Result<std::vector<std::string>> read_body(std::string_view body, const BodyFormats& formats);

}  // namespace socbridge::receive
