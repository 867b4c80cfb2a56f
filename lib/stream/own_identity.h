// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "stream/consumer_state.h"

namespace socbridge::stream {

// The id of the token's user in OpenCTI. If an importing connector uses the same user, this is
// reported (`account_shared`). Retried until there is an answer; empty, and reported, if OpenCTI
// does not return it. Errors: interrupted, or a `once` run has waited long enough.
Result<std::string> find_own_identity(ConsumerState& core);

}  // namespace socbridge::stream
