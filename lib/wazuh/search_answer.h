// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "json/value.h"

namespace socbridge::wazuh {

// What OpenSearch answers to `_search`: an object with `hits.hits`.
bool is_search_answer(json::Value root);

// Why a search answer may not be everything that was searched for, in words for people; empty if it
// proves that it is: `hits.total` is exact and as many as its hits, every shard answered, and it
// neither timed out nor ended early. A shard without a place is not among `_shards.failed`, so
// `successful` is compared with `total` (seen on OpenSearch 2.19.6). `count` are its hits; the list
// of them is not read.
std::string why_incomplete(json::Value answer, std::size_t count);

// Why a JSON value is no alert, such as OpenSearch's own error; empty if it is one: it, or its
// `_source`, has Wazuh's `rule` (4.x) or `wazuh.rule` (5).
std::string why_no_alert(json::Value root);

}  // namespace socbridge::wazuh
