// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "context/context_attachment.h"
#include "opencti/sightings.h"

namespace socbridge::context {

// The observables of the target that are marked as IOC or sighted, each value once, for reporting
// to OpenCTI.
std::vector<opencti::Seen> seen_of(const Target& target);

}  // namespace socbridge::context
