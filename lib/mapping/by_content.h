// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "json/value.h"
#include "mapping/collector.h"
#include "mapping/options.h"

namespace socbridge::mapping {

// Texts that a row of the table has used, by their addresses in memory.
using Taken = std::vector<const char*>;

// Walks every leaf of `data` that no row has used. With `find_by_content`, a leaf is offered if the
// complete text is an address, a URL or a mail address, or if its name marks it as a hash, domain,
// account, file or user agent. With `free_text`, other leaves are searched for values. Host and
// path of one request in two members of an object always become a URL.
void search_leaves(json::Value data, const Options& options, Taken taken, Collector& collector);

}  // namespace socbridge::mapping
