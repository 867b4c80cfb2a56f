// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace socbridge::sandbox {

// Applies `filter_path=PATTERNS` to a JSON answer of OpenSearch. PATTERNS are paths separated by
// commas; a segment may contain `*` and matches a complete member name. A flat setting such as
// `cluster.max_shards_per_node` is one name, so `*.cluster.max_shards_per_node` does not match it.
// `{}` if nothing remains; the unchanged text if it is not a JSON object.
std::string filter_path(std::string_view json, std::string_view patterns);

}  // namespace socbridge::sandbox
