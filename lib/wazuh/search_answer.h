// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "json/value.h"

namespace socbridge::wazuh {

// Whether it is an answer of OpenSearch to `_search`: an object with `hits.hits`.
bool is_search_answer(json::Value root);

// Why a search answer may be incomplete, for people. Empty if it is complete: `hits.total` is exact
// and equals the number of hits, every shard answered, and it neither timed out nor ended early. An
// unassigned shard is not counted in `_shards.failed`, so `successful` is compared with `total`
// (seen on OpenSearch 2.19.6). `count` is the number of hits; the list itself is not read.
std::string why_incomplete(json::Value answer, std::size_t count);

// Why a JSON value is not an alert, such as an error of OpenSearch. Empty for an alert: the value,
// or its `_source`, has Wazuh's `rule` (4.x) or `wazuh.rule` (5).
std::string why_no_alert(json::Value root);

}  // namespace socbridge::wazuh
