// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::sandbox {

// What `filter_path=PATTERNS` leaves of a JSON answer of OpenSearch. PATTERNS are paths between
// commas; a segment may hold `*`, and takes a whole member name: a flat setting such as
// `cluster.max_shards_per_node` is one name, so `*.cluster.max_shards_per_node` does not find it.
// `{}` if nothing is left; the text as it is if it is no JSON object.
std::string filter_path(std::string_view json, std::string_view patterns);

}  // namespace socbridge::sandbox
