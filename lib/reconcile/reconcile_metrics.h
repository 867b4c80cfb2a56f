// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"
#include "reconcile/reconcile.h"

namespace socbridge::reconcile {

// One ended run in the text exposition format; the names are docs/reconcile.md's.
std::string reconcile_prometheus(const Report& report, UnixMillis ended_ms);

}  // namespace socbridge::reconcile
