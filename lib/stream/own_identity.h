// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "stream/consumer_state.h"

namespace socbridge::stream {

// The id of the user whose token we have in OpenCTI. If a connector that brings data in uses the
// same user, that is reported (`account_shared`). Asked again until there is an answer; empty if
// OpenCTI does not say it, which is reported. Errors: interrupted, or a run with an end has waited
// long enough.
Result<std::string> find_own_identity(ConsumerState& core);

}  // namespace socbridge::stream
