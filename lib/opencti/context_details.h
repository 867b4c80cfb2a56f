// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "opencti/client.h"
#include "opencti/context.h"
#include "opencti/halving.h"

namespace socbridge::opencti {

// Fills in external references and, with Detail::all, reports. Only a few objects per query: each
// list costs the platform a search in about 17 shards, and its search engine accepts 1,000 at once.
// `notes` gets what was cut or could not be read.
Status add_details(Client& client, Halving& halving, Contexts& contexts, Detail detail);

}  // namespace socbridge::opencti
