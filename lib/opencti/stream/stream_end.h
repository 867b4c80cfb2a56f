// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/status.h"
#include "http/stream.h"

namespace socbridge::opencti {

// Why a connection to the live stream ended, in words, and whether waiting helps: unreachable may
// pass by itself, auth and refused do not (docs/protocols/opencti.md, "Stream answers").
// `silence_ms` is what was waited. Ended because we wanted it: success.
Status explain_end(const http::StreamEnd& end, std::int64_t silence_ms);

}  // namespace socbridge::opencti
