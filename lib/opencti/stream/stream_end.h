// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/status.h"
#include "http/stream.h"

namespace socbridge::opencti {

// Why a connection to the live stream ended. unreachable may pass by itself, auth and refused do
// not (docs/protocols/opencti.md, "Stream answers"). `silence_ms`: how long no data came. Success
// if we ended it.
Status explain_end(const http::StreamEnd& end, std::int64_t silence_ms);

}  // namespace socbridge::opencti
