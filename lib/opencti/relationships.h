// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/status.h"
#include "base/time.h"
#include "opencti/context.h"

namespace socbridge::opencti {

// Fills in the links of each context: threats at the other end of a relationship of its observables
// and indicators, and with depth 2 threats at the other end of theirs.
Status add_links(Client& client, Contexts& contexts, int depth, const Deadline& deadline);

}  // namespace socbridge::opencti
