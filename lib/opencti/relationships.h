// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/status.h"
#include "base/time.h"
#include "opencti/context.h"

namespace socbridge::opencti {

// Fills in the links of each context: the threats that are related to its observables and
// indicators, and with depth 2 the threats related to these.
Status add_links(Client& client, Contexts& contexts, int depth, const Deadline& deadline);

}  // namespace socbridge::opencti
