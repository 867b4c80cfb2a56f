// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"
#include "reconcile/reconcile.h"

namespace socbridge::reconcile {

// One finished run in the text exposition format; docs/reconcile.md lists the names.
std::string reconcile_prometheus(const Report& report, UnixMillis ended_ms);

}  // namespace socbridge::reconcile
