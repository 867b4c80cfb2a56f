// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "json/value.h"
#include "mapping/collector.h"
#include "mapping/options.h"

namespace socbridge::mapping {

// Texts that a row of the table has used, by their place in memory.
using Taken = std::vector<const char*>;

// Walks every leaf of `data` that no row has used. With `find_by_content`, a leaf that is as a
// whole an address, a URL or a mail address is offered, or a hash, domain, account, file or user
// agent where its name says so. With `free_text`, the others are searched for values. Host and path
// of one request in two members of an object become a URL in any case.
void search_leaves(json::Value data, const Options& options, Taken taken, Collector& collector);

}  // namespace socbridge::mapping
